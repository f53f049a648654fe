import { isDeepStrictEqual } from 'node:util';
import { compileFunction } from 'node:vm';
import type { AttributeValue } from '../../src/stores/dynamodb/dynamodb.ts';

/** What an expression reads: attributes of the current item, and values of placeholders. Throws if one is not given. */
export interface Scope {
  readonly attribute: (name: string) => AttributeValue | undefined;
  readonly value: (placeholder: string) => AttributeValue;
}

/** A number, or an attribute of another type as it is. Undefined where the item lacks the attribute. */
type Operand = number | AttributeValue | undefined;

export interface Update {
  readonly set: readonly { readonly name: string; readonly to: (scope: Scope) => Operand }[];
  readonly remove: readonly string[];
}

/** DynamoDB's words in JavaScript. A comparison with a missing attribute is false, not an error, in both. */
const inJavaScript: Readonly<Record<string, string>> = {
  ...{
    AND: '&&',
    OR: '||',
    NOT: '!',
    BETWEEN: 'between',
    EQUAL: 'equal',
    IF_NOT_EXISTS: 'ifNotExists',
  },
  ...{ ATTRIBUTE_EXISTS: 'exists', ATTRIBUTE_NOT_EXISTS: '!exists' },
  ...Object.fromEntries(['<', '<=', '>', '>=', '(', ')', ',', '+', '-'].map((it) => [it, it])),
};

/** Those of DynamoDB's 573 reserved words that an attribute of this project could have as its name. */
const reserved = /^(?:data|key|name|roles|state|status|time|ttl|user)$/i;

const functions = {
  exists: (operand: Operand) => operand !== undefined,
  ifNotExists: (operand: Operand, otherwise: Operand) => operand ?? otherwise,
  equal: (one: Operand, other: Operand) => one !== undefined && isDeepStrictEqual(one, other),
  between: (operand: Operand, least: number, most: number) => {
    if (least > most) throw new SyntaxError('The bounds of BETWEEN are in the wrong order');
    return typeof operand === 'number' && least <= operand && operand <= most;
  },
};

/** Throws SyntaxError for everything that it does not support. */
const compile = (text: string): ((scope: Scope) => unknown) => {
  const called = text
    .replace(/(\S+)\s+BETWEEN\s+(\S+)\s+AND\s+([#:\w]+)/gi, 'BETWEEN($1, $2, $3)')
    .replace(/([#\w]+)\s+=\s+(:\w+)/g, 'EQUAL($1, $2)');
  const code = called.replace(/[#:]?\w+|[<>]=?|\S/g, (token) => {
    if (token.startsWith(':')) return `value('${token}')`;
    const known = inJavaScript[token.toUpperCase()];
    return known ?? `attribute('${attributeIn(token)}')`;
  });
  const names = [...Object.keys(functions), 'attribute', 'value'];
  const run = compileFunction(`return ${code}`, names) as (...given: unknown[]) => unknown;
  return ({ attribute, value }) =>
    run(
      ...Object.values(functions),
      (name: string) => operandOf(attribute(name)),
      (placeholder: string) => operandOf(value(placeholder)),
    );
};

const attributeIn = (token: string): string => {
  if (!/^#?[A-Za-z_]/.test(token)) throw new SyntaxError(`Expected an attribute, found ${token}`);
  if (reserved.test(token)) throw new SyntaxError(`${token} is a reserved word`);
  return token;
};

const operandOf = (value: AttributeValue | undefined): Operand =>
  value !== undefined && 'N' in value ? Number(value.N) : value;

const assignment = /\s*([#\w]+)\s*=\s*((?:if_not_exists\([^)]*\)|[^,()])+)(?:,|$)/giy;

const readUpdate = (text: string): Update => {
  const [, set = '', remove = ''] = /^(?:SET\s+(.*?))?\s*(?:REMOVE\s+(.*))?$/is.exec(text) ?? [];
  const assignments = [...set.matchAll(assignment)];
  if (`${set}${remove}` === '' || assignments.map(([all]) => all).join('') !== set) {
    throw new SyntaxError(`Cannot read '${text}'`);
  }
  return {
    set: assignments.map(([, name = '', value = '']) => ({
      name: attributeIn(name),
      to: compile(value) as (scope: Scope) => Operand,
    })),
    remove: remove === '' ? [] : remove.split(',').map((name) => attributeIn(name.trim())),
  };
};

/** A simulation sends the same few expressions thousands of times. */
const once = <T>(read: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const compiled = known.get(text) ?? read(text);
    known.set(text, compiled);
    return compiled;
  };
};

export const compileCondition = once((text) => compile(text) as (scope: Scope) => boolean);
export const compileUpdate = once(readUpdate);
