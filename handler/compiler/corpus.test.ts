import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { compileContract } from './compile-contract.ts';

// Public documents: those of ReadMe (MIT), with Swagger's Petstore, the Train Travel API and others. Each is compiled as
// it is, with nothing added than where requests go and how callers sign in.

const folder = dirname(createRequire(import.meta.url).resolve('@readme/oas-examples/package.json'));

interface OpenapiDocument {
  readonly openapi: string;
  readonly security?: unknown;
  readonly components?: { readonly securitySchemes?: object };
}

const filesIn = (version: string, extension: string): readonly string[] =>
  readdirSync(join(folder, version), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, version, name));

/** 3.0 as JSON and 3.1 as YAML: the package has every document in both. */
const files = [...filesIn('3.0/json', '.json'), ...filesIn('3.1/yaml', '.yaml')].filter(
  // To judge its regular expressions takes a minute.
  (file) => !file.endsWith('/readme.yaml'),
);

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

describe('a public document', () => {
  it.each(files.map((file) => [relative(folder, file), file]))('%s compiles', (name, file) => {
    const compilation = compileContract(withGateway(readFileSync(file, 'utf8')), {
      file: name,
      runtime: '../src',
    });
    const mistake = mistakes[name];
    // A regular expression that takes long on some texts is not a mistake of the document, but the gateway refuses it.
    const problems = compilation.ok
      ? []
      : compilation.problems.filter((problem) => !/ {2}"pattern" takes /.test(problem));
    expect(problems).toEqual(mistake === undefined ? [] : [expect.stringMatching(mistake)]);
  });
});
