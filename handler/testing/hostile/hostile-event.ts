import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpApiEvent } from '../events.ts';

export interface HostileParts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string | Buffer;
  /** Signs the request in as alice, by the header or by the cookie. */
  readonly token?: string;
}

/** An event as API Gateway makes it of what a client sent: only the client's part is hostile. */
export const hostileEvent = ({
  method = 'GET',
  path = '/public/x',
  query = '',
  headers = {},
  cookies,
  body,
  token,
}: HostileParts): APIGatewayProxyEventV2 => {
  const event = httpApiEvent(method, path, {
    query,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(cookies && { cookies: [...cookies] }),
    ...(body !== undefined && { body }),
  });
  // Defined, not assigned: a header named `__proto__` is a header like any other.
  for (const [name, value] of Object.entries(headers)) {
    Object.defineProperty(event.headers, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return event;
};
