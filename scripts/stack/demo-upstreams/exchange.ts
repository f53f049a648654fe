/** A request as a service saw it. */
export interface Received {
  readonly service: string;
  readonly method: string;
  /** As received, including the query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names and values in turn, in the order and spelling of the wire. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** The first value of the name (in lower case); names and values alternate. */
export const headerOf = (rawHeaders: readonly string[], name: string): string | undefined => {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? undefined : rawHeaders[at + 1];
};

export interface DemoResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Bytes unchanged; anything else as JSON. */
  readonly body?: unknown;
}

/** Undefined where the service has nothing at this path. */
export type Service = (received: Received) => DemoResponse | undefined;
