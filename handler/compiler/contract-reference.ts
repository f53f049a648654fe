import { posix } from 'node:path';
import type { ContractPart, Keys, KeySchema } from './contract-part.ts';
import { contractSchema } from './contract-schema.ts';

interface Page {
  /** Its folder, relative to the project's. */
  readonly folder: string;
  readonly text: string;
}

/** `docs/contract.md`: the pages of all parts, each with a table of its keys as its schemas declare them. */
export const contractReference = (
  introduction: Page,
  parts: Readonly<Record<string, ContractPart>>,
  pageOf: (part: ContractPart) => Page,
): string => {
  const schema = contractSchema(parts);
  const table = tableOf(schema.$defs);
  const frame = contractSchema({}).$defs;
  const { postern, operationPostern } = frame;
  const root = Object.fromEntries(
    Object.entries(postern.properties).filter(([key]) => key !== 'defaults'),
  );
  return [
    '<!-- Assembled by `npm run contract-docs` from the README.md and the contract.ts of each folder. Change those. -->',
    placed(introduction),
    tableOf(frame)([
      ['document', root],
      ['operation, path, `defaults`', operationPostern.properties],
    ]),
    ...Object.entries(parts).flatMap(([name, part]) => [
      placed(pageOf(part)).replace(/^# /, '## '),
      table([
        ['document', { ...part.root, ...upstreamKeys(part), ...builtInKeys(part) }],
        ['operation, path, `defaults`', part.route ?? {}],
        ['security scheme', part.signIn === undefined ? {} : { [name]: part.signIn }],
      ]),
    ]),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
    .concat('\n\n');
};

/** With the links as the assembled page needs them. */
const placed = ({ folder, text }: Page): string =>
  text
    .trim()
    .replaceAll(
      /\]\((?![a-z]+:|#)([^)]+)\)/g,
      (_, link: string) => `](${posix.relative('docs', posix.join(folder, link))})`,
    );

const upstreamKeys = ({ upstream }: ContractPart): Keys =>
  upstream === undefined
    ? {}
    : {
        upstreams: {
          type: 'object',
          additionalProperties: { type: 'object', properties: upstream },
        },
      };

const builtInKeys = ({ builtIn }: ContractPart): Keys =>
  builtIn === undefined ? {} : { builtIn: { type: 'object', properties: builtIn } };

type Schema = KeySchema & {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
};

const tableOf =
  (definitions: object) =>
  (sections: ReadonlyArray<readonly [where: string, keys: object]>): string => {
    const schemas = definitions as Readonly<Record<string, Schema>>;
    const resolved = (schema: Schema): Schema =>
      schema.$ref === undefined
        ? schema
        : { ...schemas[schema.$ref.replace('#/$defs/', '')], ...schema };

    const rowsOf = (name: string, where: string, given: Schema, isRequired: boolean): string[] => {
      const schema = resolved(given);
      const whole = objectIn(schema, resolved);
      const { properties = {}, additionalProperties, required = [] } = whole ?? {};
      const children = Object.entries(properties).flatMap(([key, child]) =>
        rowsOf(`${name}.${key}`, where, child, required.includes(key)),
      );
      const ofOthers =
        typeof additionalProperties === 'object'
          ? rowsOf(`${name}.*`, where, additionalProperties, false)
          : [];
      const { description } = schema;
      const own = [`\`${name}\``, where, valuesOf(schema, resolved), defaultOf(schema, isRequired)];
      return [
        ...(description === undefined ? [] : [rowOf([...own, description])]),
        ...children,
        ...ofOthers,
      ];
    };
    const rows = sections.flatMap(([where, keys]) =>
      Object.entries(keys as Readonly<Record<string, Schema>>).flatMap(([name, schema]) =>
        rowsOf(name, where, schema, false),
      ),
    );
    if (rows.length === 0) return '';
    return [
      rowOf(['key', 'where', 'values', 'default', 'what']),
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  };

const rowOf = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The object among the allowed types of a value. */
const objectIn = (schema: Schema, resolved: (schema: Schema) => Schema): Schema | undefined =>
  [schema, schema.then, schema.else]
    .map((branch) => branch && resolved(branch))
    .find((branch) => branch?.type === 'object');

const defaultOf = (schema: Schema, isRequired: boolean): string => {
  if (isRequired) return 'required';
  if (schema.default === undefined) return '';
  const text = [schema.default].flat().map((value) => JSON.stringify(value).replaceAll('"', ''));
  return `\`${text.join(', ')}\``;
};

const valuesOf = (given: Schema, resolved: (schema: Schema) => Schema): string => {
  const schema = resolved(given);
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.else !== undefined) {
    return [schema.then ?? schema.if ?? {}, schema.else]
      .map((branch) => valuesOf(branch, resolved))
      .filter((values) => values !== '')
      .join(' or ');
  }
  if (given.$ref !== undefined && schema.type === 'string')
    return given.$ref.replace('#/$defs/', '');
  if (schema.items !== undefined) return `list: ${valuesOf(schema.items, resolved) || 'text'}`;
  const { type = '', minimum, maximum } = schema;
  const range = minimum === undefined ? '' : `, ${minimum} to ${maximum}`;
  return `${names[type] ?? ''}${range}`;
};

const names: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true`, `false`',
  object: 'map',
};
