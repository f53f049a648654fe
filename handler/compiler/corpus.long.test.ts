import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { projectFolder } from '../../scripts/stack/command-line/folders.ts';
import { compileContract } from './compile-contract.ts';
import { methods } from './document.ts';

// Public documents: those of ReadMe (MIT), with Swagger's Petstore, the Train Travel API and others. Each is compiled as
// it is, with nothing added than where requests go and how callers sign in.

const folder = dirname(createRequire(import.meta.url).resolve('@readme/oas-examples/package.json'));

interface OpenapiDocument {
  readonly openapi: string;
  readonly security?: unknown;
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly securitySchemes?: object };
}

const filesIn = (version: string, extension: string): readonly string[] =>
  readdirSync(join(folder, version), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, version, name));

/** 3.0 as JSON and 3.1 as YAML: the package has every document in both. */
const files = [...filesIn('3.0/json', '.json'), ...filesIn('3.1/yaml', '.yaml')];

const withGateway = (text: string): string => {
  const document = parse(text) as OpenapiDocument;
  const schemes = Object.keys(document.components?.securitySchemes ?? {});
  return stringify({
    ...document,
    security: document.security ?? [],
    'x-postern': {
      version: 1,
      upstreams: { service: { http: {} } },
      rateLimits: { visitor: { per: ['ip'], limit: 100, window: '1m' } },
      defaults: { upstream: 'service', rateLimits: ['visitor'] },
      securitySchemes: Object.fromEntries(schemes.map((name) => [name, { session: {} }])),
    },
  });
};

/** What is wrong with a document by its own standard. */
const mistakes: Readonly<Record<string, RegExp>> = {
  '3.0/json/parameters-common.json': /"\/anything\/\{id\}\/\{action\}\/\{id\}" names "id" twice$/,
  '3.0/json/response-http-behavior.json': /"api_key" is not declared — /,
};

const rows: string[] = [];

describe('a public document', () => {
  it.each(files.map((file) => [relative(folder, file), file]))('%s compiles', (name, file) => {
    const text = readFileSync(file, 'utf8');
    const compilation = compileContract(withGateway(text), { file: name, runtime: '../src' });
    const problems = compilation.ok ? [] : compilation.problems;
    const warnings = compilation.findings.filter(({ severity }) => severity === 'warning');
    rows.push(rowOf({ name, document: parse(text) as OpenapiDocument, problems, warnings }));
    const mistake = mistakes[name];
    expect(problems).toEqual(mistake === undefined ? [] : [expect.stringMatching(mistake)]);
  });

  it('is in the report of docs/corpus.md as it compiles', () => {
    const file = join(projectFolder, 'docs/corpus.md');
    const due = reportOf(rows.toSorted());
    const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // For the commit that changes the result.
    if (written !== due) writeFileSync(file, due);
    expect(written).toBe(due);
  });
});

const rowOf = ({
  name,
  document,
  problems,
  warnings,
}: {
  readonly name: string;
  readonly document: OpenapiDocument;
  readonly problems: readonly string[];
  readonly warnings: readonly unknown[];
}): string => {
  const operations = Object.values(document.paths ?? {}).flatMap((item) =>
    methods.filter((method) => item[method] !== undefined),
  );
  const result = problems.map((problem) => problem.split('  ', 2)[1]).join('; ') || 'yes';
  const cells = [name, document.openapi, operations.length, result, warnings.length];
  return `| ${cells.join(' | ')} |`;
};

const reportOf = (table: readonly string[]): string => {
  const compiled = table.filter((row) => row.includes('| yes |')).length;
  return `# Public documents

\`make test\` compiles the documents of [@readme/oas-examples](https://github.com/readmeio/oas-examples), among them Swagger's Petstore and the Train Travel API, as they are. Added are only an upstream, a rate limit and \`x-postern.securitySchemes\`, which maps each of their security schemes. **${compiled} of ${table.length} compile**; the others have a mistake of their own, which the table quotes. A warning names what the gateway reads in another way or does not check; equal ones count once.

The test rewrites this page if a result changes.

| document | OpenAPI | operations | compiles | warnings |
|---|---|---|---|---|
${table.join('\n')}
`;
};
