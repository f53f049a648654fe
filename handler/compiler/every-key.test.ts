import { describe, expect, it } from '@jest/globals';
import { checkShape } from './check-shape.ts';
import { documentOfEveryKey, officialSchema } from './testing/every-key.ts';
import { upgradeOpenapi } from './upgrade-openapi.ts';

const postern = {
  version: 1,
  upstreams: { users: { http: {} } },
  defaults: { upstream: 'users', rateLimits: [] },
};

/** What is said of unknown keys. The values of the document are those that a schema allows, and mean nothing together. */
const unknownKeysIn = (document: object, openapi: string): readonly string[] => {
  const said: string[] = [];
  const sayAs = (severity: string) => (_: unknown, message: string) => {
    if (message.startsWith('unknown key')) said.push(`${severity} ${message}`);
  };
  const contract = { ...document, openapi, 'x-postern': postern };
  const upgraded = upgradeOpenapi(contract, () => undefined);
  checkShape(upgraded, sayAs('error'), sayAs('warning'));
  return said.toSorted();
};

describe.each([
  ['3.0', '3.0.4'],
  ['3.1', '3.1.2'],
  ['3.2', '3.2.0'],
] as const)('a document of OpenAPI %s', (version, exact) => {
  it('can have every key that the official schema defines, wherever it defines it', () => {
    const { document, places } = documentOfEveryKey(officialSchema(version), false);
    expect(places.size).toBeGreaterThan(260);
    expect(unknownKeysIn(document, exact)).toEqual([]);
  });

  it('has a warning with the nearest key for a misspelt key in every kind of object', () => {
    const { document, misspellings } = documentOfEveryKey(officialSchema(version), true);
    expect(new Set(misspellings.map(({ meant }) => meant)).size).toBeGreaterThan(12);
    const expected = misspellings.map(
      ({ key, meant }) => `warning unknown key "${key}" — did you mean "${meant}"?`,
    );
    expect(unknownKeysIn(document, exact)).toEqual(expected.toSorted());
  });
});
