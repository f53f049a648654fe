import { nearest } from '../../../../compiler/nearest.ts';
import type { Report } from '../../../../compiler/problem.ts';
import { checkedFormats } from './formats.ts';
import { isLinearPossible, readPattern } from './read-pattern.ts';
import { judgementSeconds, judgePattern } from './judge-pattern.ts';
import { type RequestPlan, schemasOf } from './request-plan.ts';
import { follow, type Located, valueAt } from '../../../../compiler/references.ts';
import type { Schema } from './schema-groups.ts';

/**
 * Reports parts of a schema that are valid by the standard, but cannot be checked at bounded cost. Warns of those that
 * are not checked. Returns the patterns that must be matched by RE2.
 */
export const checkRequestSchemas = (
  document: unknown,
  requests: readonly RequestPlan[],
  reports: { readonly report: Report; readonly warn: Report },
): ReadonlySet<string> => {
  const { report, warn } = reports;
  const slow = new Set<string>();
  const seen = new Set<unknown>();
  const check = (schema: Located<unknown>, above: readonly unknown[]): void => {
    const { value, path } = schema as Located<Schema>;
    if (value === null) return report(path, 'a schema must be an object or a boolean');
    if (typeof value !== 'object') return;
    if (above.includes(value)) {
      return report(path, 'this schema holds the same value against itself for ever');
    }
    const { $ref } = value;
    if (typeof $ref === 'string') {
      const target = follow(document, { value: { $ref }, path });
      // The target of a reference is checked at its own place, but a cycle is reported where it begins.
      if (target !== undefined && above.includes(target.value)) {
        return report(path, 'this schema holds the same value against itself for ever');
      }
      if (target !== undefined) check(target, [...above, value]);
    }
    if (seen.has(value)) return;
    seen.add(value);
    for (const pattern of slowPatterns({ value, path }, reports)) slow.add(pattern);
    warnOfFormat({ value, path }, warn);
    for (const child of childrenOf({ value, path })) {
      check(child, child.isSameValue ? [...above, value] : []);
    }
  };
  for (const path of requests.flatMap(schemasOf)) {
    check({ value: valueAt(document, path), path }, []);
  }
  return slow;
};

/** JSON Schema validation, §7.2.3: an unknown format is an annotation. */
const warnOfFormat = ({ value: { format }, path }: Located<Schema>, warn: Report): void => {
  if (typeof format !== 'string' || checkedFormats.includes(format)) return;
  const near = nearest(format, checkedFormats);
  const meant = near === undefined ? '' : ` — did you mean "${near}"?`;
  warn([...path, 'format'], `the format "${format}" is unknown and not checked${meant}`);
};

/** The client chooses the text: matching a long text must not take much longer than reading it. */
const slowPatterns = (
  { value, path }: Located<Schema>,
  { report, warn }: { readonly report: Report; readonly warn: Report },
): readonly string[] => {
  const { pattern, maxLength } = value;
  const places = [
    ...(typeof pattern === 'string'
      ? [
          {
            text: pattern,
            place: [...path, 'pattern'],
            at: 'value' as const,
            name: '"pattern"',
            longest: typeof maxLength === 'number' ? maxLength : undefined,
          },
        ]
      : []),
    ...Object.keys(value['patternProperties'] ?? {}).map((text) => ({
      text,
      place: [...path, 'patternProperties', text],
      at: 'key' as const,
      name: `"${text}"`,
      longest: undefined,
    })),
  ];
  return places.flatMap(({ text, place, at, name, longest }) => {
    const read = readPattern(text);
    if (!(read instanceof RegExp)) {
      const message = `${name} is no regular expression of JavaScript: ${read.problem}`;
      // Without it, it is not known which properties there may be.
      if (at === 'key') report(place, message, at);
      else warn(place, `${message}; it is not checked`, at);
      return [];
    }
    const message = slowness(text, read.flags, longest);
    if (message === undefined) return [];
    if (isLinearPossible(text)) return [text];
    report(place, `${name} ${message}`, at);
    return [];
  });
};

/** The patterns of a body may take this many times the time to read it, if all its texts have their maximum length. */
const maxSlowdown = 256;

/** @param maxLength of the searched texts, if there is a limit. */
const slowness = (pattern: string, flags: string, maxLength?: number): string | undefined => {
  const verdict = judgePattern(pattern, flags);
  switch (verdict.kind) {
    case 'linear':
      return undefined;
    case 'unknown':
      return `could not be judged in ${judgementSeconds} s, and may take for ever — write it shorter, with fewer repetitions`;
    case 'exponential':
      return `takes exponential time on texts such as ${verdict.attack} — do not repeat what repeats itself: "(a+)+" is "a+"`;
    case 'polynomial': {
      const longest = Math.floor(maxSlowdown ** (1 / (verdict.degree - 1)));
      if (maxLength !== undefined && maxLength <= longest) return undefined;
      return `takes time that grows with the length to the power of ${verdict.degree}, on texts such as ${verdict.attack} — start it with ^, let no two neighbours repeat the same characters, or write "maxLength: ${longest}" beside it`;
    }
  }
};

interface Child extends Located<unknown> {
  /** Schemas for the same value as their parent's, not for a part of it. */
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
