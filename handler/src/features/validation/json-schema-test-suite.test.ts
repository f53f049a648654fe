import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkRequestSchemas } from './compile/check-request-schemas.ts';
import { compileSchemas } from './compile/compile-schemas.ts';
import type { RequestPlan } from './compile/request-plan.ts';
import { requestView } from './compile/request-view.ts';
import { resolveSchemas } from './compile/resolve-schemas.ts';
import { allowInvalidFormat } from './invalid-format.ts';
import type { FastCheck, SchemaCheck } from './request-schema.ts';

// The required tests of JSON Schema's own suite, draft 2020-12. Every schema takes the way of a contract's: its
// references are resolved, it is checked, prepared for requests, compiled and shortened, and its module is loaded.

const conditional =
  'an item that "contains" within "if" accepts is not noted as evaluated: the value is refused';

/** Tests with another result, with the reason. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'unevaluatedItems.json': Object.fromEntries(
    ["only a's are valid", "a's and b's are valid", "a's, b's and c's are valid"].map((title) => [
      `unevaluatedItems and contains interact to control item dependency relationship: ${title}`,
      conditional,
    ]),
  ),
  'vocabulary.json': {
    'schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates':
      'a contract has the dialect of OpenAPI; `$schema` is not followed',
  },
};

const suite = join(import.meta.dirname, '../../../testing/json-schema-test-suite');

interface Case {
  readonly description: string;
  readonly schema: object | boolean;
  readonly tests: ReadonlyArray<{
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }>;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const jsonFilesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );

/** Schemas that tests refer to, by their URI. One that names itself otherwise has both names. */
const remotes = new Map<string, object>();
const addRemote = (schema: unknown, uri: string): void => {
  const { $id = uri } = schema as { readonly $id?: string };
  remotes.set($id, { $id, ...(schema as object) });
  if ($id !== uri) remotes.set(uri, { $id: uri, $ref: $id });
};
for (const name of jsonFilesIn(join(suite, 'remotes')))
  addRemote(readJson(join(suite, 'remotes', name)), `http://localhost:1234/draft2020-12/${name}`);
const { resolve } = createRequire(import.meta.url);
const metaSchemas = join(dirname(resolve('ajv/dist/2020.js')), 'refs/json-schema-2020-12');
for (const name of jsonFilesIn(metaSchemas))
  addRemote(
    readJson(join(metaSchemas, name)),
    `https://json-schema.org/draft/2020-12/${name.replace('.json', '')}`,
  );

/** A document with the schemas that it refers to as parts of it (JSON Schema core, §9.3.1). */
const bundled = (schema: object): object => {
  const text = JSON.stringify(schema);
  if (!/"\$(?:ref|dynamicRef)":"[^#"]/.test(text)) return schema;
  const others = [...remotes].filter(([uri]) => !text.includes(`"$id":"${uri}"`));
  const { $defs } = schema as { readonly $defs?: object };
  return { ...schema, $defs: { ...$defs, ...Object.fromEntries(others) } };
};

const permissions: RequestPlan['permissions'] = {
  ...{ foldedPath: 'deny', undeclaredBody: 'deny', undeclaredQuery: 'deny', readOnly: 'allow' },
  // The suite's required tests are those of the standard's default. Those of the option are not required.
  invalidFormat: 'allow',
};

const fail = (place: unknown, message: string): never => {
  throw new Error(`${JSON.stringify(place)} ${message}`);
};

/** The generated modules of a schema, and what they import. */
const compile = (
  schema: object | boolean,
): { readonly code: string; imports: readonly string[] } => {
  const [given, root] =
    typeof schema === 'boolean' ? [{ schema }, ['schema']] : [bundled(schema), []];
  const { document, placeOf } = resolveSchemas(given, [root], fail);
  const path = placeOf(root);
  const content = [{ mediaType: 'application/json', schema: path }];
  const plan: RequestPlan = { parameters: [], body: { required: true, content }, permissions };
  const slowPatterns = checkRequestSchemas(document, [plan], {
    report: fail,
    warn: () => undefined,
  });
  const view = requestView(document, [path], { keepsReadOnly: false, report: fail });
  const { modules } = compileSchemas(view.document, new Map([['check', path]]), {
    ...{ groups: [['check']], runtime: '../../../src', slowPatterns },
    mayAllowInvalidFormat: true,
  });
  const code = [modules['fits.js'] ?? '', modules['explain.js'] ?? ''];
  const inFunction = code.map((each) =>
    each.replaceAll(/^import .*$/gm, '').replace(/^export const check = /m, 'return '),
  );
  return {
    code: `[${inFunction.map((each) => `(() => {${each}})()`).join()}]`,
    imports: code.flatMap((each) => each.match(/^import .*$/gm) ?? []),
  };
};

const cases = readdirSync(join(suite, 'tests')).map((file) => ({
  file,
  cases: readJson(join(suite, 'tests', file)) as readonly Case[],
}));

let checks: ReadonlyArray<ReadonlyArray<readonly [FastCheck, SchemaCheck]>>;

beforeAll(async () => {
  const compiled = cases.map((each) => each.cases.map(({ schema }) => compile(schema)));
  // One module for all: to load one takes longer than to run its checks.
  const imports = new Set(compiled.flat().flatMap((each) => each.imports));
  const code = compiled.map((each) => `[${each.map((one) => one.code).join()}]`).join();
  const folder = join(import.meta.dirname, '../../../generated/testing/json-schema-test-suite');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'checks.js');
  writeFileSync(file, `${[...imports].join('\n')}\nexport const checks = [${code}];\n`);
  ({ checks } = (await import(pathToFileURL(file).href)) as { checks: typeof checks });
}, 120_000);

const failed = { pointer: '', detail: 'is not what the suite says' };
const noSubject = { params: {}, query: '', headers: {}, cookies: [], body: undefined };

describe('the JSON Schema Test Suite passes, with the exceptions listed', () => {
  it.each(cases.map(({ file }, index) => [file, index] as const))('%s', (file, index) => {
    const failures = (cases[index]?.cases ?? []).flatMap(({ description, tests }, number) => {
      const [fits, explain] = checks[index]?.[number] ?? [];
      return tests
        .filter(({ data, valid }) => {
          const check = allowInvalidFormat(() =>
            fits?.(data) !== valid || explain?.(data) !== valid ? [failed] : [],
          );
          return check(noSubject).length > 0;
        })
        .map((test) => `${description}: ${test.description}`);
    });
    expect(failures).toEqual(Object.keys(exceptions[file] ?? {}));
  });

  it('has as many tests as it is said to have', () => {
    const tests = cases.flatMap((each) => each.cases).flatMap((each) => each.tests);
    expect(tests).toHaveLength(1_299);
    const excepted = Object.values(exceptions).flatMap((each) => Object.keys(each));
    expect(excepted).toHaveLength(4);
  });
});
