import type { AttributeValue, Item } from '../../src/stores/dynamodb/dynamodb.ts';

/** The current item, and the values of placeholders. `name` and `value` throw if a placeholder is not defined. */
export interface Scope {
  readonly item: Item;
  readonly name: (text: string) => string;
  readonly value: (placeholder: string) => AttributeValue;
}

export type Condition = (scope: Scope) => boolean;

/** Undefined where the item lacks the attribute. */
export type Operand = (scope: Scope) => AttributeValue | undefined;

export interface Update {
  readonly set: readonly { readonly name: string; readonly to: Operand }[];
  readonly remove: readonly string[];
}

/** Those of DynamoDB's 573 reserved words that an attribute of this project could have as its name. */
const reserved = new Set([
  'DATA',
  'KEY',
  'NAME',
  'ROLES',
  'STATE',
  'STATUS',
  'TIME',
  'TTL',
  'USER',
]);

const token = /\s*(<=|>=|<>|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*)/y;

const comparisons: Readonly<Record<string, (left: Scalar, right: Scalar) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => typeof left === typeof right && left < right,
  '<=': (left, right) => typeof left === typeof right && left <= right,
  '>': (left, right) => typeof left === typeof right && left > right,
  '>=': (left, right) => typeof left === typeof right && left >= right,
};

type Scalar = string | number;

/** Compiles one expression by recursive descent. Throws SyntaxError for everything that it does not support. */
const reader = (text: string) => {
  const tokens = tokensOf(text);
  let next = 0;

  const take = (): string => {
    const found = tokens[next];
    if (found === undefined) throw new SyntaxError('The expression ends too early');
    next += 1;
    return found;
  };
  const accept = (word: string): boolean => {
    const isNext = tokens[next]?.toUpperCase() === word;
    if (isNext) next += 1;
    return isNext;
  };
  const expect = (word: string): void => {
    if (!accept(word))
      throw new SyntaxError(`Expected ${word}, found ${tokens[next] ?? 'the end'}`);
  };
  const path = (): string => {
    const name = take();
    if (!/^#?[A-Za-z_]/.test(name)) throw new SyntaxError(`Expected an attribute, found ${name}`);
    if (reserved.has(name.toUpperCase())) throw new SyntaxError(`${name} is a reserved word`);
    return name;
  };
  const inBrackets = <T>(read: () => T): T => {
    expect('(');
    const inner = read();
    expect(')');
    return inner;
  };

  const operand = (): Operand => {
    if (accept('IF_NOT_EXISTS')) {
      return inBrackets(() => {
        const name = path();
        expect(',');
        const otherwise = operand();
        return (scope) => scope.item[scope.name(name)] ?? otherwise(scope);
      });
    }
    if (tokens[next]?.startsWith(':') === true) {
      const placeholder = take();
      return ({ value }) => value(placeholder);
    }
    const name = path();
    return (scope) => scope.item[scope.name(name)];
  };
  const sum = (): Operand => {
    const left = operand();
    const sign = accept('+') ? 1 : accept('-') ? -1 : undefined;
    if (sign === undefined) return left;
    const right = operand();
    return (scope) => ({ N: String(numberOf(left(scope)) + sign * numberOf(right(scope))) });
  };

  /** AND binds tighter than OR, NOT tighter than both. */
  const either = (): Condition => {
    const left = both();
    if (!accept('OR')) return left;
    const right = either();
    return (scope) => left(scope) || right(scope);
  };
  const both = (): Condition => {
    const left = single();
    if (!accept('AND')) return left;
    const right = both();
    return (scope) => left(scope) && right(scope);
  };
  const single = (): Condition => {
    if (accept('NOT')) {
      const inner = single();
      return (scope) => !inner(scope);
    }
    if (tokens[next] === '(') return inBrackets(either);
    for (const [word, expected] of [
      ['ATTRIBUTE_EXISTS', true],
      ['ATTRIBUTE_NOT_EXISTS', false],
    ] as const) {
      if (!accept(word)) continue;
      const name = inBrackets(path);
      return (scope) => (scope.item[scope.name(name)] !== undefined) === expected;
    }
    return comparison();
  };
  /** A comparison with a missing attribute is false, not an error. */
  const comparison = (): Condition => {
    const left = operand();
    if (accept('BETWEEN')) {
      const low = operand();
      expect('AND');
      const high = operand();
      return (scope) => {
        const [least, most] = [numberOf(low(scope)), numberOf(high(scope))];
        if (least > most) throw new SyntaxError('The bounds of BETWEEN are in the wrong order');
        const value = left(scope);
        return value !== undefined && least <= numberOf(value) && numberOf(value) <= most;
      };
    }
    const compare = comparisons[take()];
    if (compare === undefined) throw new SyntaxError('Expected a comparison');
    const right = operand();
    return (scope) => {
      const [one, other] = [left(scope), right(scope)];
      return one !== undefined && other !== undefined && compare(scalarOf(one), scalarOf(other));
    };
  };

  const list = <T>(read: () => T): T[] => {
    const items = [read()];
    while (accept(',')) items.push(read());
    return items;
  };
  const assignment = () => {
    const name = path();
    expect('=');
    return { name, to: sum() };
  };
  const update = (): Update => {
    const set = accept('SET') ? list(assignment) : [];
    const remove = accept('REMOVE') ? list(path) : [];
    if (set.length + remove.length === 0) throw new SyntaxError('Neither SET nor REMOVE');
    return { set, remove };
  };
  const whole = <T>(read: () => T): T => {
    const result = read();
    if (next < tokens.length) throw new SyntaxError(`Unexpected ${take()}`);
    return result;
  };
  return { condition: () => whole(either), update: () => whole(update) };
};

const tokensOf = (text: string): readonly string[] => {
  const found: string[] = [];
  token.lastIndex = 0;
  for (let end = 0; text.slice(end).trim() !== ''; end = token.lastIndex) {
    const part = token.exec(text)?.[1];
    if (part === undefined) throw new SyntaxError(`Cannot read '${text.slice(end)}'`);
    found.push(part);
  }
  return found;
};

const scalarOf = (value: AttributeValue): Scalar => ('S' in value ? value.S : numberOf(value));

const numberOf = (value: AttributeValue | undefined): number => {
  const number = value !== undefined && 'N' in value ? Number(value.N) : NaN;
  if (!Number.isSafeInteger(number)) throw new SyntaxError('Expected a safe integer');
  return number;
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

export const compileCondition = once((text) => reader(text).condition());
export const compileUpdate = once((text) => reader(text).update());
