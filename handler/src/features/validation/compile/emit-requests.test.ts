import { describe, expect, it } from '@jest/globals';
import { compileContract } from '../../../../compiler/compile-contract.ts';

const modulesOf = (paths: object): Readonly<Record<string, string>> => {
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    'x-postern': {
      version: 1,
      upstreams: { things: { http: {} } },
      defaults: { rateLimits: [], upstream: 'things' },
    },
    security: [],
    paths,
  });
  const compilation = compileContract(text, { file: 'gateway.json', runtime: '../src' });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return compilation.modules;
};

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const routes = (count: number, schemaOf: (index: number) => object): object =>
  Object.fromEntries(
    range(count).map((index) => [
      `/things-${index}`,
      { get: { parameters: [{ name: 'n', in: 'query', schema: schemaOf(index) }] } },
    ]),
  );

describe('the rules of many routes', () => {
  it('are written once where they are equal, whatever the schemas are described as', () => {
    const { 'contract.js': contract = '', 'fits.js': fits = '' } = modulesOf(
      routes(500, (index) => ({ type: 'integer', maximum: 100, description: `Number ${index}` })),
    );
    expect(fits.match(/^function /gm)).toHaveLength(1);
    expect(contract.match(/validateRequest\(/g)).toHaveLength(1);
  });

  it('lie in files that are loaded when they are first needed, where there are many', () => {
    const modules = modulesOf(routes(1_000, (index) => ({ type: 'integer', maximum: index })));
    expect(modules['contract.js']).not.toContain('validateRequest(');
    expect(modules['requests-0.cjs']).toContain('validateRequest(');
  });
});
