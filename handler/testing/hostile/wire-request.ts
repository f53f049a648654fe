/** A request as a strict server reads it from the wire. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** One character a byte. */
  readonly body: string;
}

/** Undefined if a server could read it in another way than RFC 9112 §2–3 and RFC 9110 §5 define. */
export const parseWireRequest = (bytes: string): WireRequest | undefined => {
  const end = bytes.indexOf('\r\n\r\n');
  const [requestLine = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const [, method, target] = requestLineOf.exec(requestLine) ?? [];
  if (end === -1 || method === undefined || target === undefined) return undefined;
  const headers: Array<readonly [string, string]> = [];
  for (const line of lines) {
    const [, name, value] = headerLineOf.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    headers.push([name, value]);
  }
  return { method, target, headers, body: bytes.slice(end + 4) };
};

const requestLineOf = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.1$/;
const headerLineOf = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ([\t\x20-\x7e\x80-\xff]*)$/;
