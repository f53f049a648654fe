/** A path, a value's placeholder or a function, as DynamoDB's expressions have them. */
export type Operand =
  | { readonly kind: 'path'; readonly name: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if_not_exists'; readonly name: string; readonly otherwise: Operand }
  | {
      readonly kind: 'sum';
      readonly left: Operand;
      readonly right: Operand;
      readonly sign: 1 | -1;
    };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'exists'; readonly name: string; readonly wanted: boolean }
  | {
      readonly kind: 'between';
      readonly of: Operand;
      readonly low: Operand;
      readonly high: Operand;
    }
  | {
      readonly kind: 'compare';
      readonly by: string;
      readonly left: Operand;
      readonly right: Operand;
    };

export interface Update {
  readonly set: readonly { readonly name: string; readonly to: Operand }[];
  readonly remove: readonly string[];
}

/** A few of DynamoDB's 573 reserved words: those that this project's tables could meet. */
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

const comparators = new Set(['=', '<>', '<', '<=', '>', '>=']);
const token = /\s*(<=|>=|<>|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*)/y;

/** Reads one expression by recursive descent. Throws on whatever DynamoDB, or this reader, does not know. */
class Reader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    const found: string[] = [];
    token.lastIndex = 0;
    for (let end = 0; text.slice(end).trim() !== ''; end = token.lastIndex) {
      const part = token.exec(text)?.[1];
      if (part === undefined) throw new SyntaxError(`Cannot read '${text.slice(end)}'`);
      found.push(part);
    }
    this.#tokens = found;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  /** Goes past the word, in any case, if it stands there. */
  accept(word: string): boolean {
    const isThere = this.#tokens[this.#next]?.toUpperCase() === word;
    if (isThere) this.#next += 1;
    return isThere;
  }

  expect(word: string): void {
    if (!this.accept(word)) {
      throw new SyntaxError(`Wanted ${word}, found ${this.#tokens[this.#next] ?? 'the end'}`);
    }
  }

  take(): string {
    const found = this.#tokens[this.#next];
    if (found === undefined) throw new SyntaxError('The expression ends too early');
    this.#next += 1;
    return found;
  }

  path(): string {
    const name = this.take();
    if (!/^#?[A-Za-z_]/.test(name)) throw new SyntaxError(`Wanted an attribute, found ${name}`);
    if (reserved.has(name.toUpperCase())) throw new SyntaxError(`${name} is a reserved word`);
    return name;
  }

  operand(): Operand {
    if (this.accept('IF_NOT_EXISTS')) {
      this.expect('(');
      const name = this.path();
      this.expect(',');
      const otherwise = this.operand();
      this.expect(')');
      return { kind: 'if_not_exists', name, otherwise };
    }
    const isValue = this.#tokens[this.#next]?.startsWith(':') === true;
    return isValue ? { kind: 'value', name: this.take() } : { kind: 'path', name: this.path() };
  }

  sum(): Operand {
    const left = this.operand();
    if (this.accept('+')) return { kind: 'sum', left, right: this.operand(), sign: 1 };
    if (this.accept('-')) return { kind: 'sum', left, right: this.operand(), sign: -1 };
    return left;
  }

  /** AND binds tighter than OR, NOT tighter than both. */
  either(): Condition {
    const left = this.both();
    return this.accept('OR') ? { kind: 'or', left, right: this.either() } : left;
  }

  both(): Condition {
    const left = this.single();
    return this.accept('AND') ? { kind: 'and', left, right: this.both() } : left;
  }

  single(): Condition {
    if (this.accept('NOT')) return { kind: 'not', inner: this.single() };
    if (this.accept('(')) {
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    if (this.accept('ATTRIBUTE_EXISTS')) return this.exists(true);
    if (this.accept('ATTRIBUTE_NOT_EXISTS')) return this.exists(false);
    return this.comparison();
  }

  exists(wanted: boolean): Condition {
    this.expect('(');
    const name = this.path();
    this.expect(')');
    return { kind: 'exists', name, wanted };
  }

  comparison(): Condition {
    const left = this.operand();
    if (this.accept('BETWEEN')) {
      const low = this.operand();
      this.expect('AND');
      return { kind: 'between', of: left, low, high: this.operand() };
    }
    const by = this.take();
    if (!comparators.has(by)) throw new SyntaxError(`Wanted a comparison, found ${by}`);
    return { kind: 'compare', by, left, right: this.operand() };
  }
}

const whole = <T>(text: string, read: (reader: Reader) => T): T => {
  const reader = new Reader(text);
  const result = read(reader);
  if (!reader.isAtEnd) throw new SyntaxError(`Did not expect ${reader.take()}`);
  return result;
};

/** A simulation sends the same few expressions thousands of times. */
const once = <T>(read: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const parsed = known.get(text) ?? read(text);
    known.set(text, parsed);
    return parsed;
  };
};

export const parseCondition = once((text): Condition => whole(text, (reader) => reader.either()));

export const parseUpdate = once((text): Update =>
  whole(text, (reader) => {
    const set: { name: string; to: Operand }[] = [];
    const remove: string[] = [];
    if (reader.accept('SET')) {
      do {
        const name = reader.path();
        reader.expect('=');
        set.push({ name, to: reader.sum() });
      } while (reader.accept(','));
    }
    if (reader.accept('REMOVE')) {
      do remove.push(reader.path());
      while (reader.accept(','));
    }
    if (set.length + remove.length === 0) throw new SyntaxError('Neither SET nor REMOVE');
    return { set, remove };
  }),
);
