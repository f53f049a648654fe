import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpApiEvent } from '../events.ts';
import type { Sent } from './fidelity-case.ts';

/** The event that API Gateway makes of a request: the path with the stage and decoded, and cookies separate. */
export const eventOf = ({
  method = 'GET',
  target,
  headers = [],
  body,
}: Sent): APIGatewayProxyEventV2 => {
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const joined = new Map<string, string>();
  const cookies: string[] = [];
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (name === 'cookie') cookies.push(...text(value).split('; '));
    else joined.set(name, joined.has(name) ? `${joined.get(name)},${text(value)}` : text(value));
  }
  const type = joined.get('content-type')?.split(';', 1)[0] ?? '';
  return httpApiEvent(method, decodedPath(path), {
    query: text(query),
    headers: Object.fromEntries(joined),
    ...(cookies.length > 0 && { cookies }),
    ...(body?.length && { body: textTypes.test(type) ? body.toString('utf8') : body }),
  });
};

/** Texts come as bytes; API Gateway reads them as UTF-8. */
const text = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/**
 * Behaves like an HTTP API that does not decode `%25`, which distinguishes the most spellings. Tests against AWS saw it
 * decode twice, cut the path at `%3F` and refuse `%25` before anything except hex digits: there, such cases arrive like
 * others of this table.
 */
const decodedPath = (path: string): string => {
  const bytes = path.replace(/%(?!25)([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return text(bytes);
};

/** Bodies of these types are passed as text, others as base64. */
const textTypes = /^(?:text\/.*|application\/(?:json|xml|javascript))$/i;
