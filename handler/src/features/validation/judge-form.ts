import type { BodyViolation } from '../../http/gateway-error.ts';
import { createQueryCheck } from './check-query.ts';
import { errorsIn } from './errors-in.ts';
import { explainError, placed } from './explain-error.ts';
import { type ReadField, textField } from './form-fields.ts';
import type { SchemaError, ValueCheck } from './request-schema.ts';
import { repeated } from './styled-parameters.ts';
import type { Reading } from './text-values.ts';

/** How the fields of a form are read, by the properties of its schema. */
export interface FormRules {
  readonly fields: ReadonlyArray<readonly [property: string, read: ReadField]>;
  /** The names that declared fields may have. One that ends in a bracket stands for all names that begin so. */
  readonly names: readonly string[];
  /** As which types other fields may be read. Absent: a declared field has all of them. */
  readonly others: Reading | undefined;
}

/** The fields of a form by name, with their values percent-encoded. */
export type WrittenFields = ReadonlyMap<string, readonly string[]>;

export interface WrittenForm {
  readonly fields: WrittenFields;
  /** The names, percent-encoded, between `&`. */
  readonly text: string;
  readonly bytes: number;
}

/** Judges a form as the object that it stands for. An error may be declared irrelevant. */
export type JudgeForm = (
  form: WrittenForm,
  isIrrelevant?: (error: SchemaError) => boolean,
) => readonly BodyViolation[];

/** More possible values of a field are not tried: each attempt checks the whole form. */
const mostAttempts = 8;

/**
 * A text may be a number, a text or a list, if the schema allows all of them: each field first has its most likely value,
 * and the next one if the schema refuses it. The violations of the first attempt are reported. Names that a service may
 * read as those of declared fields are refused, as in a query.
 */
export const judgeForm = ({ fields, names, others }: FormRules, check: ValueCheck): JudgeForm => {
  const reads = new Map(fields);
  const declared = new Set(names);
  const beginnings = names.filter((name) => name.endsWith('['));
  const isDeclared = (name: string): boolean =>
    declared.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  const readOther = others === undefined ? undefined : textField(repeated, others);
  const checkNames = createQueryCheck(names, false);

  return ({ fields: written, text, bytes }, isIrrelevant = () => false) => {
    const possible = (name: string, read: ReadField): ReturnType<ReadField> =>
      read({ own: written.get(name) ?? [], query: written, cookies: [] });
    const violations: BodyViolation[] = [];
    const value: Record<string, unknown> = {};
    const add = (name: string, read: ReadField): void => {
      const values = possible(name, read);
      if (typeof values === 'string') violations.push(placed(pointerTo(name), values));
      else setTo(value, name, values, 0);
    };
    for (const [property, read] of fields) add(property, read);
    if (readOther !== undefined) {
      for (const name of written.keys()) if (!isDeclared(name)) add(name, readOther);
    }
    for (const violation of checkNames(text)) {
      violations.push(placed(pointerTo(violation.name), violation.detail));
    }
    if (violations.length > 0) return violations;

    /** Whether a field that is refused has a further value, which it then has. */
    const hasFurther = (errors: readonly SchemaError[], attempt: number): boolean => {
      let hasChanged = false;
      for (const name of new Set(errors.map(fieldOf))) {
        const read = name === undefined ? undefined : (reads.get(name) ?? readOther);
        const values = name === undefined || read === undefined ? [] : possible(name, read);
        if (name === undefined || typeof values === 'string') continue;
        if (setTo(value, name, values, attempt)) hasChanged = true;
      }
      return hasChanged;
    };
    let first: readonly SchemaError[] | undefined;
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const errors = errorsIn(check, bytes, value).filter((error) => !isIrrelevant(error));
      if (errors.length === 0) return [];
      first ??= errors;
      if (!hasFurther(errors, attempt)) break;
    }
    return (first ?? []).map(explainError);
  };
};

/** Sets a property to the value at an index; returns false if there are fewer. */
const setTo = (
  object: Record<string, unknown>,
  name: string,
  values: Iterable<unknown>,
  index: number,
): boolean => {
  let left = index;
  for (const value of values) {
    left -= 1;
    if (left >= 0) continue;
    if (name !== '__proto__') object[name] = value;
    else
      Object.defineProperty(object, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return true;
  }
  return false;
};

const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The field of which an error is. */
export const fieldOf = ({ instancePath }: SchemaError): string | undefined =>
  instancePath.split('/', 2)[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
