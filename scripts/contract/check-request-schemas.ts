import type { Path, Report } from './fault.ts';
import type { RoutePlan } from './plan.ts';
import { follow, type Located, valueAt } from './references.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a schema may say by the standard, but what no request can be held against at bounded cost. */
export const checkRequestSchemas = (
  document: unknown,
  routes: readonly RoutePlan[],
  report: Report,
): void => {
  const seen = new Set<unknown>();
  const check = (schema: Located<unknown>, above: readonly unknown[]): void => {
    const found = follow<Schema>(document, schema);
    if (found === undefined || typeof found.value !== 'object') return;
    if (above.includes(found.value)) {
      return report(schema.path, 'this schema holds the same value against itself for ever');
    }
    if (seen.has(found.value)) return;
    seen.add(found.value);
    checkUniqueItems(found, report);
    for (const child of childrenOf(found)) {
      check(child, child.isSameValue ? [...above, found.value] : []);
    }
  };
  for (const path of routes.flatMap(schemasOf)) check({ value: valueAt(document, path), path }, []);
};

const schemasOf = ({ parameters, body }: RoutePlan): Path[] => [
  ...parameters.map(({ schema }) => schema),
  ...(body?.content ?? []).flatMap(({ schema }) => (schema === undefined ? [] : [schema])),
];

const checkUniqueItems = ({ value, path }: Located<Schema>, report: Report): void => {
  if (value['uniqueItems'] !== true || value['maxItems'] !== undefined) return;
  report(
    [...path, 'uniqueItems'],
    '"uniqueItems" needs "maxItems" beside it: every item is compared with every other',
    'key',
  );
};

interface Child extends Located<unknown> {
  /** Held against the very value its parent is held against, not against a part of it. */
  readonly isSameValue: boolean;
}

const inPlace = {
  one: ['not', 'if', 'then', 'else'],
  many: ['allOf', 'anyOf', 'oneOf', 'dependentSchemas'],
};
const ofParts = {
  one: [
    'items',
    'contains',
    'additionalProperties',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
  ],
  many: ['prefixItems', 'properties', 'patternProperties'],
};

const childrenOf = (schema: Located<Schema>): Child[] =>
  [
    { ...inPlace, isSameValue: true },
    { ...ofParts, isSameValue: false },
  ].flatMap(({ one, many, isSameValue }) =>
    [
      ...one.map((keyword) => ({ value: schema.value[keyword], path: [...schema.path, keyword] })),
      ...many.flatMap((keyword) =>
        Object.entries(schema.value[keyword] ?? {}).map(([key, value]) => ({
          value: value as unknown,
          path: [...schema.path, keyword, key],
        })),
      ),
    ].map((child) => ({ ...child, isSameValue })),
  );
