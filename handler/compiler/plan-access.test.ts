import { describe, expect, it } from '@jest/globals';
import type { Requirement } from '../src/contract.ts';
import { widest } from './plan-access.ts';
import type { RoutePlan } from './plan.ts';
import { warnOfWiderRoutes } from './warn-of-wider-routes.ts';

/** As if there were a second method. */
type Alternatives = ReadonlyArray<Readonly<Record<string, readonly string[]>>>;

describe('the alternatives of an operation', () => {
  it.each<[string, Alternatives, Alternatives]>([
    ['equal ones are one', [{ a: ['x'] }, { a: ['x'] }], [{ a: ['x'] }]],
    ['any user of a method includes those with a role', [{ a: ['x'] }, { a: [] }], [{ a: [] }]],
    ['of different roles, both stay', [{ a: ['x'] }, { a: ['y'] }], [{ a: ['x'] }, { a: ['y'] }]],
    ['of different methods, both stay', [{ a: [] }, { b: [] }], [{ a: [] }, { b: [] }]],
    ['one that an earlier one includes is left out', [{ b: [] }, { a: [], b: [] }], [{ b: [] }]],
    [
      'one that a later one includes stays if its first scheme names another caller',
      [{ a: [], b: [] }, { b: [] }],
      [{ a: [], b: [] }, { b: [] }],
    ],
    [
      'one that a later one includes stays if another caller may come between them',
      [{ a: ['x'] }, { b: [] }, { a: [] }],
      [{ a: ['x'] }, { b: [] }, { a: [] }],
    ],
  ])('%s', (_, alternatives, expected) => {
    expect(widest(alternatives as readonly Requirement[])).toEqual(expected);
  });
});

describe('a warning of a wide route', () => {
  const warningsFor = (wide: Alternatives, narrow: Alternatives): readonly string[] => {
    const messages: string[] = [];
    const route = (path: string, alternatives: Alternatives) =>
      ({
        id: `GET ${path}`,
        method: 'GET',
        path,
        access: { kind: 'signed-in', alternatives },
      }) as RoutePlan;
    warnOfWiderRoutes([route('/{rest+}', wide), route('/a', narrow)], (_, message) =>
      messages.push(message),
    );
    return messages;
  };

  it.each<[Alternatives, Alternatives]>([
    [[{ a: [] }, { b: [] }], [{ a: [] }]],
    [[{ b: [] }], [{ a: [] }]],
    [[{ a: [] }], [{ a: [], b: [] }]],
  ])('is given where %j admits callers whom %j refuses', (wide, narrow) => {
    expect(warningsFor(wide, narrow)).toHaveLength(1);
  });

  it.each<[Alternatives, Alternatives]>([
    [[{ a: [] }], [{ b: [] }, { a: [] }]],
    [[{ a: ['x'], b: [] }], [{ b: [] }]],
  ])('is not given where %j admits no caller whom %j refuses', (wide, narrow) => {
    expect(warningsFor(wide, narrow)).toEqual([]);
  });

  it('names the methods of callers who need no role', () => {
    expect(warningsFor([{ a: [], b: [] }, { a: ['x'] }], [{ a: ['y'] }])).toEqual([
      expect.stringMatching(
        /^"GET \/\{rest\+\}" admits any a with any b or x \(a\), and .* y \(a\): /,
      ),
    ]);
  });
});
