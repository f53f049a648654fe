import { emitList, literal } from '../../../../compiler/code.ts';
import type { Code, EmitTools } from '../../../../compiler/contract-part.ts';
import type { Path } from '../../../../compiler/problem.ts';
import type { FormPlan } from './plan-form.ts';
import type { KeyPlan } from './plan-keys.ts';
import type { StylePlan } from './plan-style.ts';

/** The `FormRules` of a form. */
export const emitForm = (
  form: FormPlan,
  schema: Path,
  keys: KeyPlan,
  use: EmitTools['use'],
): Record<string, Code> => ({
  fields: emitList(
    form.fields.map((field) => {
      const { name, reading, style, json } = field;
      const others = form.fields.filter((other) => other !== field);
      const read =
        style === undefined
          ? use('repeated', 'styled-parameters.ts')
          : emitReadStyle(
              style,
              name,
              others.map((other) => other.name),
              use,
            );
      const readField =
        json === undefined
          ? `${use('textField', 'form-fields.ts')}(${read}, ${literal(reading)})`
          : `${use('jsonField', 'form-fields.ts')}(keys(${keys.memberOf(schema, name)}), ${literal({ isEncoded: !form.isMultipart, isList: json === 'list' })})`;
      return `[${literal(name)}, ${readField}]`;
    }),
  ),
  names: literal(namesOfForm(form)),
  others: literal(form.others),
});

/** The names that declared fields may have. */
export const namesOfForm = ({ fields }: FormPlan): readonly string[] =>
  fields.flatMap(({ name, style }) => {
    if (style?.kind === 'deepObject') return [name, `${name}[`];
    return style?.kind === 'separate' ? (style.names ?? []) : [name];
  });

/** The function that reads a style. `others` are the names of other parameters or fields. */
export const emitReadStyle = (
  style: StylePlan,
  name: string,
  others: readonly string[],
  use: EmitTools['use'],
): Code => {
  const given = {
    delimited: () => [style.kind === 'delimited' && style.delimiters],
    deepObject: () => [name],
    separate: () => [style.kind === 'separate' ? style.names : undefined, others],
    separateCookies: () => [style.kind === 'separateCookies' && style.names],
  }[style.kind]();
  return `${use(style.kind, 'styled-parameters.ts')}(${given.map(literal).join(', ')})`;
};
