import { cookieValues } from '../../http/cookie-values.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { KeyPlace } from './policy.ts';

/** What a request has in a place, as often as it is there. Empty values do not count. */
export const sentKeys = (
  request: GatewayRequest,
  place: KeyPlace,
  prefix: string,
): readonly string[] => valuesIn(request, place, prefix).filter((it) => it);

const valuesIn = (
  { headers, cookies, query }: GatewayRequest,
  { in: kind, name }: KeyPlace,
  prefix: string,
): readonly string[] => {
  if (kind === 'query') return new URLSearchParams(query).getAll(name);
  if (kind === 'cookie') return cookieValues(cookies, name);
  const header = name.toLowerCase();
  const value = headers[header] ?? '';
  if (header !== 'authorization') return [value];
  // Other schemes use this header as well, and some clients put a word such as `Bearer` before the key.
  const key = value.replace(/^[A-Za-z]+ +/, '');
  return key.startsWith(`${prefix}_`) ? [key] : [];
};
