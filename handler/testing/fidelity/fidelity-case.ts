import type { ErrorCode } from '../../src/http/gateway-error.ts';
import type { Exception } from './exceptions.ts';

/** Texts hold one character a byte, as they go over the wire. */
export interface FidelityCase {
  readonly name: string;
  readonly sent: Sent;
  /** What the service answers; absent: a plain 200. */
  readonly answer?: Answered | RawAnswer;
  /** The exception that this row shows; without one nothing differs. */
  readonly exception?: Exception;
  /** How what the service gets differs from what was sent. A header that is undefined does not arrive. */
  readonly received?:
    | 'nothing'
    | { readonly target?: string; readonly headers?: Readonly<Record<string, string | undefined>> };
  /** How what the client gets differs from what was answered. */
  readonly returned?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly cookies?: readonly string[];
    readonly body?: Buffer;
    /** Of the gateway's own answer. */
    readonly code?: ErrorCode;
  };
  /** Why the local stack cannot show this row. */
  readonly notOnStack?: string;
}

export interface Sent {
  readonly method?: string;
  /** Path and query as the client spells them. */
  readonly target: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: Buffer;
  /** With the token of somebody who may. */
  readonly isSignedIn?: boolean;
}

export interface Answered {
  readonly status?: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: Buffer;
}

/** Bytes as they are, one write after another; what comes of them stands in `returned`. */
export interface RawAnswer {
  readonly writes: readonly string[];
  readonly pauseMs?: number;
  /** Whether the connection ends with it. */
  readonly ends?: boolean;
}

export const plainAnswer: Answered = {
  status: '200 OK',
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('fine'),
};
