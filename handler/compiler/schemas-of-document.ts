import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

const documentId = 'document:';

/** Checks of values by the schemas of an OpenAPI 3.1 document. A schema that cannot be compiled accepts any value. */
export const validatorsOf = (document: object) => {
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
  mapObjects(value, (object) =>
    typeof object['$ref'] === 'string' && object['$ref'].startsWith('#')
      ? { ...object, $ref: `${documentId}${object['$ref']}` }
      : object,
  );

type Mutable = Record<string, unknown>;

/** The value with each of its objects changed, those in lists and in other objects as well. */
export const mapObjects = (value: unknown, change: (object: Mutable) => Mutable): unknown => {
  if (Array.isArray(value)) return value.map((entry) => mapObjects(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(change({ ...value })).map(([key, entry]) => [key, mapObjects(entry, change)]),
  );
};
