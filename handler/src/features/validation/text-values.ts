import { readScalar } from './read-scalar.ts';
import type { ScalarType } from './request-schema.ts';

/** What was written for a value: texts in their order, or parts by name. */
export type Written = readonly string[] | ReadonlyMap<string, Written>;

/** The JSON types as which a written value may be read. */
export interface Reading {
  readonly types: readonly ScalarType[];
  /** Of a list. Absent: it cannot be a list. */
  readonly items?: Reading;
  /** Of an object. Absent: it cannot be one. */
  readonly properties?: Readonly<Record<string, Reading>>;
  /** Of properties that are not declared. */
  readonly others?: Reading;
}

/**
 * The values that a text may stand for, the most likely first: `1` is a number, a text or a list of one number, if the
 * schema allows all of them.
 */
export const possibleValues = function* (written: Written, reading: Reading): Generator {
  for (const asText of [false, true]) {
    for (const asList of [false, true]) yield valueOf(written, reading, { asText, asList });
  }
};

interface Choice {
  /** Whether what can be a text is one. */
  readonly asText: boolean;
  /** Whether what can be a list is one. */
  readonly asList: boolean;
}

const anyText: Reading = { types: ['string'] };

const valueOf = (written: Written, reading: Reading, choice: Choice): unknown => {
  const { types, items, properties, others } = reading;
  const itemOf = (item: Written): unknown => valueOf(item, items ?? anyText, choice);
  if (Array.isArray(written)) {
    const texts = written as readonly string[];
    const [text = ''] = texts;
    const isList =
      texts.length > 1 || (items !== undefined && (types.length === 0 || choice.asList));
    if (isList) return texts.map((each) => itemOf([each]));
    return choice.asText && types.includes('string') ? text : readScalar(text, types);
  }
  const parts = [...(written as ReadonlyMap<string, Written>)];
  if (items !== undefined && parts.every(([name]) => /^\d*$/.test(name))) {
    return parts.flatMap(([, part]) =>
      isTexts(part) ? part.map((text) => itemOf([text])) : [itemOf(part)],
    );
  }
  // A property named `__proto__` is one like any other.
  return Object.fromEntries(
    parts.map(([name, part]) => {
      const declared =
        properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : others;
      return [name, valueOf(part, declared ?? anyText, choice)];
    }),
  );
};

const isTexts = (written: Written): written is readonly string[] => Array.isArray(written);
