import { expect, it } from '@jest/globals';
import contractSchema from './gateway.schema.json' with { type: 'json' };
import { formats } from './formats.ts';

it('are those that a contract may name', () => {
  const known = contractSchema.$defs.schema.else.properties.format.enum;
  expect(Object.keys(formats).toSorted()).toEqual(known.toSorted());
});

it.each([
  ['uri', 'https://example.com/a?b#c', '/a'],
  ['uri', 'urn:isbn:0451450523', 'example.com'],
  ['uri-reference', '../a', 'a b'],
  ['uuid', '0b7f2b5e-4a0c-4d1b-9d7e-2f4f6a3c8e11', 'urn:uuid:0b7f2b5e-4a0c-4d1b-9d7e-2f4f6a3c8e11'],
  ['byte', 'aGk=', 'aGk'],
  ['email', 'a@example.com', 'a@'],
  ['ipv6', '::1', '1.2.3.4'],
])('%s: %s, and not %s', (name, good, bad) => {
  const format = formats[name] as RegExp;
  expect([format.test(good), format.test(bad)]).toEqual([true, false]);
});
