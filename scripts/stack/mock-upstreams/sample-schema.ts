import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { generateSync, type JsonSchema } from 'json-schema-faker';
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

const documentId = 'document:';

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

/** A schema that cannot be compiled accepts any value. */
const validatorsOf = (document: object) => {
  const ajv = new Ajv2020({ strict: false, logger: false, formats: fullFormats });
  const { components } = document as { components?: object };
  ajv.addSchema({ $id: documentId, components: inDocument(components ?? {}) as object });
  return (schema: unknown): ((value: unknown) => boolean) => {
    try {
      const validate = ajv.compile(inDocument(schema) as object);
      return (value) => validate(value) === true;
    } catch {
      return () => true;
    }
  };
};

/** References lead from wherever the schema is to the document. */
const inDocument = (value: unknown): unknown =>
  rewrite(value, (object) =>
    typeof object['$ref'] === 'string' && object['$ref'].startsWith('#')
      ? { ...object, $ref: `${documentId}${object['$ref']}` }
      : object,
  );

/** The faker chooses by the parts of a composition, even where the values are listed beside it. */
const simplified = (value: unknown): unknown =>
  rewrite(value, (object) => {
    if (!Array.isArray(object['enum']) && !('const' in object)) return object;
    return Object.fromEntries(Object.entries(object).filter(([key]) => !compositions.has(key)));
  });

const compositions = new Set(['$ref', 'allOf', 'anyOf', 'oneOf']);

type Mutable = Record<string, unknown>;

const rewrite = (value: unknown, change: (object: Mutable) => Mutable): unknown => {
  if (Array.isArray(value)) return value.map((entry) => rewrite(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(change({ ...value })).map(([key, entry]) => [key, rewrite(entry, change)]),
  );
};
