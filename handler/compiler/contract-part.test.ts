import { describe, expect, it } from '@jest/globals';
import { contractPart, type PlannedOperation, viewFor, withDefaults } from './contract-part.ts';

const part = contractPart({
  folder: 'features/toy',
  root: { toys: { type: 'integer' } },
  route: {
    toy: { type: 'object', properties: { color: { type: 'string' }, size: { type: 'integer' } } },
  },
  compile: () => () => ({}),
});

type Section = Readonly<Record<string, unknown>> | undefined;

const nearest = (own: Section, ofPath: Section, defaults: Section) => {
  const operation: PlannedOperation = {
    id: 'GET /a',
    path: '/a',
    template: { parameters: [], shape: '/a', path: '/a' },
    method: 'get',
    operation: { 'x-postern': own ?? {} },
    item: { 'x-postern': ofPath ?? {} },
    place: ['paths', '/a', 'get'],
  };
  const document = { 'x-postern': { defaults: defaults ?? {} } };
  const silent = (): void => undefined;
  return viewFor('toy', part, {
    document,
    operations: [],
    routes: [],
    upstreamKinds: {},
    report: silent,
    warn: silent,
  }).nearest(operation, 'toy');
};

describe('a key that an operation, its path item and the defaults may have', () => {
  const [own, ofPath, defaults] = [{ color: 'red' }, { size: 1 }, { color: 'blue', size: 2 }];

  it.each([
    ['the operation', own, ofPath, defaults, own, 'paths./a.get.x-postern.toy'],
    ['the path item', undefined, ofPath, defaults, ofPath, 'paths./a.x-postern.toy'],
    ['the defaults', undefined, undefined, defaults, defaults, 'x-postern.defaults.toy'],
  ])('is taken as a whole from the nearest: %s', (_, a, b, c, value, place) => {
    const toy = (section: Section) => section && { toy: section };
    const found = nearest(toy(a), toy(b), toy(c));
    expect(found?.value).toEqual(value);
    expect(found?.path.join('.')).toBe(place);
  });

  it('is absent if none of them has it', () => {
    expect(nearest(undefined, undefined, undefined)).toBeUndefined();
  });

  it('may be false, which is nearer than a value further away', () => {
    expect(nearest({ toy: false }, { toy: ofPath }, undefined)?.value).toBe(false);
  });
});

describe('a part', () => {
  it('sees only its own keys of the document', () => {
    const document = { 'x-postern': { toys: 3, upstreams: {} } };
    const silent = (): void => undefined;
    const view = viewFor('toy', part, {
      document,
      operations: [],
      routes: [],
      upstreamKinds: {},
      report: silent,
      warn: silent,
    });
    expect(view.root).toEqual({ toys: 3 });
  });

  it('has the defaults of its schema if a section does not set a value', () => {
    const schema = {
      properties: { limit: { type: 'integer', default: 100 }, burst: { type: 'integer' } },
    } as const;
    expect(withDefaults(schema, { burst: 5 })).toEqual({ limit: 100, burst: 5 });
    expect(withDefaults(schema, undefined)).toEqual({ limit: 100, burst: undefined });
  });
});
