import { generateSync, type JsonSchema } from 'json-schema-faker';
import { mapObjects, validatorsOf } from '../../../handler/compiler/schemas-of-document.ts';
import { pathOf, valueAt } from '../../../handler/compiler/references.ts';

export interface Sampler {
  /** A value of the schema, always the same one. If none is found that is valid, the nearest that was found. */
  sample(schema: unknown): unknown;
}

/** From the most telling value to the simplest, for schemas that contradict their own examples. */
const attempts = [
  { seed: 1, optionalsProbability: 1, useExamplesValue: true, useDefaultValue: true },
  { seed: 1, optionalsProbability: 1 },
  { seed: 1, optionalsProbability: 0.5, useExamplesValue: true, useDefaultValue: true },
  ...[2, 3, 4].map((seed) => ({ seed, optionalsProbability: 0.5 })),
  { seed: 1, optionalsProbability: 0, useExamplesValue: true, useDefaultValue: true },
  ...[1, 2, 3, 4].map((seed) => ({ seed, optionalsProbability: 0 })),
];

/** Recursive schemas end here. */
const limits = { maxDepth: 20, maxDefaultItems: 2 };

/** Values of the schemas of an OpenAPI 3.1 document. */
export const createSampler = (document: object): Sampler => {
  const known = new Map<unknown, unknown>();
  const validators = validatorsOf(document);
  const schemas = simplified(document) as object;
  const refResolver = (reference: string): JsonSchema =>
    (valueAt(schemas, pathOf(reference) ?? []) ?? true) as JsonSchema;

  const search = (schema: unknown): unknown => {
    const isValid = validators(schema);
    const simple = simplified(schema) as JsonSchema;
    let best: unknown;
    for (const attempt of attempts) {
      try {
        best = generateSync(simple, { ...attempt, ...limits, refResolver });
      } catch {
        continue; // A keyword that it does not support.
      }
      if (isValid(best)) return best;
    }
    return best;
  };

  return {
    sample: (schema) => {
      if (!known.has(schema)) known.set(schema, search(schema));
      return known.get(schema);
    },
  };
};

/** The faker chooses by the parts of a composition, even where the values are listed beside it. */
const simplified = (value: unknown): unknown =>
  mapObjects(value, (object) => {
    if (!Array.isArray(object['enum']) && !('const' in object)) return object;
    return Object.fromEntries(Object.entries(object).filter(([key]) => !compositions.has(key)));
  });

const compositions = new Set(['$ref', 'allOf', 'anyOf', 'oneOf']);
