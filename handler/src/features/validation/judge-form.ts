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

/** Each field has at most so many possible values: more would let a client choose the cost. */
const mostAttempts = 4;

/**
 * A text may be a number, a text or a list, if the schema allows all of them: each field first has its most likely value,
 * and the next one if the schema refuses it. The violations of the first attempt are reported. Names that a service may
 * read as those of declared fields are refused, as in a query.
 */
export const judgeForm = ({ fields, names, others }: FormRules, check: ValueCheck): JudgeForm => {
  const declared = new Set(names);
  const beginnings = names.filter((name) => name.endsWith('['));
  const isDeclared = (name: string): boolean =>
    declared.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  const readOther = others === undefined ? undefined : textField(repeated, others);
  const checkNames = createQueryCheck(names, false);

  return ({ fields: written, text, bytes }, isIrrelevant = () => false) => {
    const violations: BodyViolation[] = [];
    const further = new Map<string, Iterator<unknown>>();
    const entries = new Map<string, unknown>();
    const add = (name: string, read: ReadField, own: readonly string[]): void => {
      const possible = read({ own, query: written, cookies: [] });
      if (typeof possible === 'string') {
        violations.push(placed(pointerTo(name), possible));
        return;
      }
      const iterator = possible[Symbol.iterator]();
      const first = iterator.next();
      if (first.done === true) return;
      entries.set(name, first.value);
      further.set(name, iterator);
    };
    for (const [property, read] of fields) add(property, read, written.get(property) ?? []);
    if (readOther !== undefined) {
      for (const [name, own] of written) if (!isDeclared(name)) add(name, readOther, own);
    }
    for (const violation of checkNames(text)) {
      violations.push(placed(pointerTo(violation.name), violation.detail));
    }
    if (violations.length > 0) return violations;

    let first: readonly SchemaError[] | undefined;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const errors = errorsIn(check, bytes, Object.fromEntries(entries)).filter(
        (error) => !isIrrelevant(error),
      );
      if (errors.length === 0) return [];
      first ??= errors;
      let hasChanged = false;
      for (const name of new Set(errors.map(fieldOf))) {
        const next = name === undefined ? undefined : further.get(name)?.next();
        if (name === undefined || next === undefined || next.done === true) continue;
        entries.set(name, next.value);
        hasChanged = true;
      }
      if (!hasChanged) break;
    }
    return (first ?? []).map(explainError);
  };
};

const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The field of which an error is. */
export const fieldOf = ({ instancePath }: SchemaError): string | undefined =>
  instancePath.split('/', 2)[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
