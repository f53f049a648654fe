import { isIPv6 } from 'node:net';

/** RFC 3986 §4.3: a reference that begins with a scheme. */
export const isUri = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(text) && isUriReference(text);

/** RFC 3986 §4.1, split by its appendix B; each part is checked separately. */
export const isUriReference = (text: string): boolean => {
  const [, scheme, authority, path = '', query = '', fragment = ''] = partsOf.exec(text) ?? [];
  return (
    (scheme === undefined || /^[a-z][a-z0-9+.-]*$/i.test(scheme)) &&
    (authority === undefined || isAuthority(authority)) &&
    pathCharacters.test(path) &&
    queryCharacters.test(query) &&
    queryCharacters.test(fragment)
  );
};

const partsOf = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/;
const pathCharacters = /^(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})*$/i;
const queryCharacters = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[\da-f]{2})*$/i;
const userCharacters = /^(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*$/i;
const nameCharacters = /^(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*$/i;

/** RFC 3986 §3.2. A host in brackets is an IPv6 address. */
const isAuthority = (authority: string): boolean => {
  const [user, host] = splitAtFirst(authority, '@');
  const [, address] = /^\[([^[\]]*)\](?::\d*)?$/.exec(host) ?? [];
  if (!userCharacters.test(user)) return false;
  if (address !== undefined) return isIPv6(address) && !address.includes('%');
  const [name = '', port = '', ...more] = host.split(':');
  return more.length === 0 && nameCharacters.test(name) && /^\d*$/.test(port);
};

/** The text before the mark (empty if there is no mark), and the rest. */
const splitAtFirst = (text: string, mark: string): readonly [string, string] => {
  const index = text.indexOf(mark);
  return index === -1 ? ['', text] : [text.slice(0, index), text.slice(index + 1)];
};
