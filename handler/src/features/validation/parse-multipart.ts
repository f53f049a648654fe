import { isUtf8 } from 'node:buffer';

export interface Part {
  readonly name: string;
  /** Of a file. A part without it is a text. */
  readonly filename: string | undefined;
  /** Its `Content-Type`, if it has one. */
  readonly type: string | undefined;
  readonly content: Buffer;
}

/**
 * The parts of a body as `multipart/form-data` (RFC 7578), in linear time; or what is wrong, as a text. Refused is also
 * what the grammar of RFC 2046 allows, but no client needs and parsers read in different ways: text before the first
 * boundary and after the last, folded or repeated headers, encoded names, quoted pairs, transfer encodings.
 */
export const parseMultipart = (body: Buffer, boundary: string): readonly Part[] | string => {
  const first = `--${boundary}`;
  // latin1: one character for each byte, so that positions in text and bytes are the same.
  if (body.toString('latin1', 0, first.length) !== first) return 'must begin with its boundary';
  const parts: Part[] = [];
  let start = first.length;
  for (;;) {
    const after = body.toString('latin1', start, start + 5);
    if (after === '--' || after === '--\r\n') return parts;
    if (after.startsWith('--')) return 'continues after its last boundary';
    if (!after.startsWith('\r\n')) return 'has text beside a boundary';
    const next = body.indexOf(first, start, 'latin1');
    if (next === -1) return 'has no boundary at its end';
    const end = next - 2;
    // Some readers also accept LF alone before a boundary.
    if (body.toString('latin1', end, next) !== '\r\n') return 'has its boundary within a part';
    const blank = body.indexOf('\r\n\r\n', start);
    if (blank === -1 || blank + 4 > end) return 'has a part without headers';
    const head = body.subarray(start + 2, blank);
    if (!isUtf8(head)) return 'has headers that are not valid UTF-8';
    const part = readHead(head.toString('utf8'));
    if (typeof part === 'string') return part;
    parts.push({ ...part, content: body.subarray(blank + 4, end) });
    start = next + first.length;
  }
};

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const header = new RegExp(`^(${token}):[ \\t]*([^\\0-\\x08\\n-\\x1f\\x7f]*)$`);
/** A quoted value ends at the first quote. A backslash before it may be meant to quote it. */
const parameter = new RegExp(`;[ \\t]*(${token})=(?:(${token})|"([^"]*)(?<!\\\\)")[ \\t]*`, 'y');

const readHead = (head: string): Omit<Part, 'content'> | string => {
  const known = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = header.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '') return 'has a part with an invalid header';
    if (!key.startsWith('content-')) continue;
    if (known.has(key)) return `has a part with two headers "${key}"`;
    known.set(key, value.trim());
  }
  const encoding = known.get('content-transfer-encoding') ?? 'binary';
  if (!/^(?:7bit|8bit|binary)$/i.test(encoding)) return 'has a part with a transfer encoding';
  const disposition = readDisposition(known.get('content-disposition') ?? '');
  return typeof disposition === 'string'
    ? disposition
    : { ...disposition, type: known.get('content-type') };
};

const readDisposition = (value: string): Pick<Part, 'name' | 'filename'> | string => {
  const [kind = ''] = /^form-data[ \t]*/i.exec(value) ?? [];
  const found = new Map<string, string>();
  parameter.lastIndex = kind.length;
  while (kind !== '' && parameter.lastIndex < value.length) {
    const [, key = '', bare, quoted = ''] = parameter.exec(value) ?? [];
    const name = key.toLowerCase();
    if (!/^(?:name|filename\*?)$/.test(name) || found.has(name)) return notOneName;
    found.set(name, bare ?? quoted);
  }
  const name = found.get('name');
  if (name === undefined || name.includes('\\')) return notOneName;
  return { name, filename: found.get('filename') ?? found.get('filename*') };
};

const notOneName =
  'has a part whose Content-Disposition is not: form-data; name="…", perhaps with one filename="…"';
