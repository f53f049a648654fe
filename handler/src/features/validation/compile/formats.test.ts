import { expect, it } from '@jest/globals';
import { formats } from './formats.ts';

it.each([
  ['uuid', '0b7f2b5e-4a0c-4d1b-9d7e-2f4f6a3c8e11', 'urn:uuid:0b7f2b5e-4a0c-4d1b-9d7e-2f4f6a3c8e11'],
  ['byte', 'aGk=', 'aGk'],
  ['email', 'a@example.com', 'a@'],
])('%s: %s, and not %s', (name, good, bad) => {
  const format = formats[name] as RegExp;
  expect([format.test(good), format.test(bad)]).toEqual([true, false]);
});
