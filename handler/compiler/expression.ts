import type { Expression, JsonTemplate, TextTemplate } from '../src/http/expression.ts';
import { endsHere } from '../src/http/hop-by-hop.ts';
import { isWithheld } from '../src/http/withheld-headers.ts';
import type { PlannedOperation, PlannedRoute } from './contract-part.ts';
import type { ContractDocument, RequestBody } from './document.ts';
import { gatherParameters } from './gather-parameters.ts';
import { suggestion } from './nearest.ts';
import type { Path, Report } from './problem.ts';
import { follow } from './references.ts';

/** Reads the texts of a route that may have expressions. Reports each expression that can have no value there. */
export interface ExpressionReader {
  /** A string that is an expression (`$request.path.id`), or has some (`user-{$request.path.id}`). */
  readonly text: (text: string, path: Path) => TextTemplate;
  /** A JSON value, any of whose strings may be such a text. */
  readonly json: (value: unknown, path: Path) => JsonTemplate;
}

/**
 * The expressions are those of OpenAPI for what is known of a request, `$request.id`, `$caller.id` and
 * `$caller.claims#/…`. They are read here once; `http/expression.ts` finds their values.
 */
export const expressionReader = (
  document: ContractDocument,
  { plan, operation }: PlannedRoute,
  report: Report,
): ExpressionReader => {
  const declared = operation && declarationsOf(document, operation);

  const check = ([from, ...names]: Expression): string | undefined => {
    const [name = ''] = names;
    if (from === 'caller' || from === 'claims')
      return plan.access.kind === 'public'
        ? `${plan.id} is public: it has no caller — add a sign-in to its "security", or leave this out`
        : undefined;
    if (declared === undefined) return undefined;
    if (from === 'body')
      return declared.body(names.length > 0)
        ? undefined
        : `${plan.id} has no ${names.length > 0 ? 'JSON body' : 'body'} — declare its "requestBody"`;
    if (from !== 'path' && from !== 'query' && from !== 'header') return undefined;
    if (from === 'header') {
      if (isNotRead(name))
        return `the gateway reads the header "${name}" itself, or lets no client send it`;
      if (undeclared.has(name)) return undefined;
    }
    const known = declared[from];
    return known.includes(name)
      ? undefined
      : `"${name}" is no ${from} parameter of ${plan.id}${suggestion(name, known)}`;
  };

  const read = (text: string, path: Path): Expression | string => {
    const parsed = parseExpression(text);
    const problem = 'problem' in parsed ? parsed.problem : check(parsed.expression);
    if (problem !== undefined) report(path, `"${text}": ${problem}`);
    return 'problem' in parsed ? '' : parsed.expression;
  };

  const text = (value: string, path: Path): TextTemplate => {
    if (/^\$[a-z]/i.test(value)) return [read(value, path)];
    const parts = value.split(/\{(\$[^{}]*)\}/);
    if (parts.some((part, index) => index % 2 === 0 && part.includes('{$')))
      report(path, `"${value}": an expression in a text begins with {$ and ends with }`);
    return parts
      .map((part, index) => (index % 2 === 0 ? part : read(part, path)))
      .filter((part) => part !== '');
  };

  const json = (value: unknown, path: Path): JsonTemplate => {
    if (typeof value === 'string') {
      const [first = '', ...more] = text(value, path);
      if (typeof first !== 'string' && more.length === 0) return { from: first };
      return more.length === 0 ? { is: first } : { text: [first, ...more] };
    }
    if (typeof value !== 'object' || value === null) return { is: value };
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    const members = keys.map((key): readonly [string, JsonTemplate] => [
      String(key),
      json((value as Readonly<Record<string | number, unknown>>)[key], [...path, key]),
    ]);
    if (members.every(([, member]) => 'is' in member)) return { is: value };
    return Array.isArray(value) ? { items: members.map(([, member]) => member) } : { members };
  };

  return { text, json };
};

/** Whether a text has an expression, in a contract without problems. */
export const hasExpression = (template: TextTemplate): boolean =>
  template.some((part) => typeof part !== 'string');

/** The texts between expressions, which are what is written in the contract. */
export const literalTexts = (template: TextTemplate): readonly string[] =>
  template.filter((part) => typeof part === 'string');

/** The text with one text in place of every expression. */
export const withEach = (template: TextTemplate, value: string): string =>
  template.map((part) => (typeof part === 'string' ? part : value)).join('');

/** All strings of a JSON value between expressions, its keys left out. */
export const jsonTexts = (template: JsonTemplate): readonly string[] => {
  if ('is' in template) return stringsIn(template.is);
  if ('from' in template) return [];
  if ('text' in template) return literalTexts(template.text);
  if ('items' in template) return template.items.flatMap(jsonTexts);
  return template.members.flatMap(([, value]) => jsonTexts(value));
};

const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};

/** By what it begins with, each with an example. */
const simple: Readonly<Record<string, Expression>> = {
  $method: ['method'],
  $url: ['url'],
  '$request.id': ['id'],
  '$request.body': ['body'],
  '$caller.id': ['caller'],
  '$caller.claims': ['claims'],
};

const examples = [
  ...Object.keys(simple),
  ...['$request.path.id', '$request.query.id', '$request.header.name'],
  ...['$request.body#/id', '$caller.claims#/id'],
];

type Parsed = { readonly expression: Expression } | { readonly problem: string };

export const parseExpression = (text: string): Parsed => {
  const same = Object.hasOwn(simple, text) ? simple[text] : undefined;
  if (same !== undefined) return { expression: same };
  if (/^\$(?:response\b|statusCode$)/.test(text))
    return { problem: 'nothing of the response is known here' };
  const [, from, name = ''] = /^\$request\.(path|query|header)\.(.+)$/s.exec(text) ?? [];
  if (from === 'header')
    return token.test(name)
      ? { expression: [from, name.toLowerCase()] }
      : { problem: `"${name}" is not the name of a header` };
  if (from === 'path' || from === 'query') return { expression: [from, name] };
  const [, owner, pointer] = /^\$(request\.body|caller\.claims)#(.*)$/s.exec(text) ?? [];
  if (owner === undefined || pointer === undefined) {
    const [start = text] = /^\$[A-Za-z]+(?:\.[A-Za-z]+)?/.exec(text) ?? [];
    const starts = [...new Set(examples.map((each) => /^\$[a-z]+(?:\.[a-z]+)?/.exec(each)?.[0]))];
    return {
      problem: `unknown expression${suggestion(
        start,
        starts.filter((each) => each !== undefined),
      )}`,
    };
  }
  if ((pointer !== '' && !pointer.startsWith('/')) || /~(?![01])/.test(pointer))
    return { problem: `"${pointer}" is not a JSON Pointer, such as #/name (RFC 6901)` };
  const segments = pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { expression: [owner === 'request.body' ? 'body' : 'claims', ...segments] };
};

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const ends = endsHere(undefined);

/** Credentials are for the check of the caller; what a client must not claim is not what it says. */
const isNotRead = (name: string): boolean =>
  ['authorization', 'cookie'].includes(name) || isWithheld(name) || ends(name);

/** OpenAPI 3.1, Parameter Object: a parameter of such a name is ignored. */
const undeclared: ReadonlySet<string> = new Set(['accept', 'content-type']);

const declarationsOf = (document: ContractDocument, planned: PlannedOperation) => {
  const { path, item, template, operation, place } = planned;
  const { parameters } = gatherParameters(
    document,
    [
      { list: item.parameters ?? [], path: ['paths', path, 'parameters'] },
      { list: operation.parameters ?? [], path: [...place, 'parameters'] },
    ],
    () => undefined, // The validation's part reports them.
  );
  const namesIn = (where: string): readonly string[] =>
    parameters.flatMap(({ value }) =>
      value.in === where && value.name !== undefined ? [value.name] : [],
    );
  const body = follow<RequestBody>(document, {
    value: operation.requestBody,
    path: [...place, 'requestBody'],
  });
  const mediaTypes = Object.keys(body?.value.content ?? {});
  return {
    path: template.parameters,
    query: namesIn('query'),
    header: namesIn('header').map((name) => name.toLowerCase()),
    body: (isJson: boolean): boolean =>
      isJson ? mediaTypes.some((type) => /json|\*/i.test(type)) : body !== undefined,
  };
};
