import type { GatewayResponse } from '../../http/response.ts';

/** Responses that several execution environments share. Keys are texts of any length. */
export interface ResponseTable {
  /** Throws `StoreUnavailable`. */
  find(keys: TableKeys, deadlineMs: number): Promise<TableFind>;
  /** A response that is too large is not kept. Throws `StoreUnavailable`. */
  keep(key: string, copy: ResponseCopy, deadlineMs: number): Promise<void>;
  /** Every response for the path that was requested before is void. Throws `StoreUnavailable`. */
  voidPath(path: string, version: string, deadlineMs: number): Promise<void>;
}

export interface TableKeys {
  /** Of responses, in the order in which they count. */
  readonly responses: readonly string[];
  readonly path: string;
}

export interface TableFind {
  /** By the order of the keys; undefined where there is none. */
  readonly copies: ReadonlyArray<ResponseCopy | undefined>;
  /** Of the path: a response of another version is void. */
  readonly pathVersion: string;
}

/** Times are epoch milliseconds. */
export interface ResponseCopy {
  readonly response: GatewayResponse & { readonly body: Buffer };
  readonly requestedAtMs: number;
  readonly receivedAtMs: number;
  /** Of the purges that were known when it was requested. */
  readonly sequence: number;
  readonly pathVersion: string;
  /** The values of the headers that it varies on. */
  readonly values: string;
  /** When it is of no more use. */
  readonly endsAtMs: number;
}
