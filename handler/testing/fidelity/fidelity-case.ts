import type { ErrorCode } from '../../src/http/gateway-error.ts';
import type { Exception } from './exceptions.ts';

/** Strings have one character per byte, as on the wire. */
export interface FidelityCase {
  readonly name: string;
  readonly sent: Sent;
  /** The upstream response; absent: a plain 200. */
  readonly response?: UpstreamResponse | RawResponse;
  /** The exception that this row shows; without one nothing differs. */
  readonly exception?: Exception;
  /** Differences between the request at the service and the sent one. A header that is undefined does not arrive. */
  readonly received?:
    | 'nothing'
    | { readonly target?: string; readonly headers?: Readonly<Record<string, string | undefined>> };
  /** Differences between the response at the client and the upstream response. */
  readonly returned?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly cookies?: readonly string[];
    readonly body?: Buffer;
    /** Of the gateway's own response. */
    readonly code?: ErrorCode;
  };
  /** Why the local stack cannot show this row. */
  readonly notOnStack?: string;
}

export interface Sent {
  readonly method?: string;
  /** Path and query as the client sends them. */
  readonly target: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: Buffer;
  /** With the token of an authorized user. */
  readonly isSignedIn?: boolean;
}

export interface UpstreamResponse {
  readonly status?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: Buffer;
}

/** Raw bytes, one write after another. The result is in `returned`. */
export interface RawResponse {
  readonly writes: readonly string[];
  readonly pauseMs?: number;
  /** Whether the connection ends with it. */
  readonly ends?: boolean;
}

export const plainResponse: UpstreamResponse = {
  status: '200 OK',
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('fine'),
};
