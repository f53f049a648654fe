import { foldedName } from './withheld-headers.ts';

/** Headers that apply to one connection and end there (RFC 9110 §7.6.1, RFC 9113 §8.2.2). */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Whether a header ends here: by its name, or because `Connection` names it. In any spelling: for a server behind CGI
 * or WSGI, `transfer_encoding` would frame the body.
 */
export const endsHere = (connection: string | undefined): ((name: string) => boolean) => {
  if (connection === undefined) return (name) => hopByHop.has(foldedName(name));
  const named = new Set(connection.toLowerCase().split(/[\s,]/));
  return (name) => hopByHop.has(foldedName(name)) || named.has(name);
};
