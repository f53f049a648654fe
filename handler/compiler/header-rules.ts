import { endsHere } from '../src/http/hop-by-hop.ts';
import { isWithheld } from '../src/http/withheld-headers.ts';
import type { Path, Report } from './problem.ts';

/** Reports a header that the contract cannot set, remove or rename, at its key. `name` is in lower case. */
export const checkHeaderName = (
  name: string,
  direction: 'request' | 'response',
  path: Path,
  report: Report,
): void => {
  const reason = token.test(name) ? rules[direction](name) : 'it is not the name of a header';
  if (reason !== undefined) report(path, `the contract cannot change "${name}": ${reason}`, 'key');
};

/** Reports characters that the value of a header cannot have. */
export const checkHeaderValue = (value: string, path: Path, report: Report): void => {
  if (/[^\t -~]/.test(value))
    report(path, 'the value of a header can only have visible ASCII characters and spaces');
};

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

const ends = endsHere(undefined);

const framing = (name: string): string | undefined =>
  ends(name) || name === 'content-length' || name === 'via'
    ? 'it belongs to one connection, and the gateway sets it'
    : undefined;

/** The reason why not. */
const rules: Readonly<Record<'request' | 'response', (name: string) => string | undefined>> = {
  request: (name) => {
    if (name === 'authorization')
      return 'credentials for an upstream are its "credentials", a reference to a secret';
    if (name === 'host') return 'use "preserveHost" to send the host of the request';
    return (
      framing(name) ??
      (name === 'content-encoding' ? 'the body stays as it is' : undefined) ??
      (isWithheld(name)
        ? 'services take it for the caller or the address, which are checked'
        : undefined)
    );
  },
  response: (name) => {
    if (name === 'set-cookie') return 'only services set cookies';
    if (name.startsWith('access-control-')) return 'use "cors"';
    return (
      framing(name) ??
      (name === 'content-encoding' ? 'the body stays as it is' : undefined) ??
      (isOwnResponseHeader(name) ? 'it is a header of the gateway or for security' : undefined)
    );
  },
};

const isOwnResponseHeader = (name: string): boolean =>
  ownResponseHeaders.has(name) || name.startsWith('ratelimit');

const ownResponseHeaders: ReadonlySet<string> = new Set([
  ...['strict-transport-security', 'content-security-policy', 'x-frame-options'],
  ...['x-content-type-options', 'referrer-policy', 'clear-site-data', 'alt-svc', 'nel'],
  ...['x-request-id', 'www-authenticate', 'retry-after'],
]);
