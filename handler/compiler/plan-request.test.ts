import { describe, expect, it } from '@jest/globals';
import type { ContractDocument, methods, RequestSection } from './document.ts';
import { planRequest } from './plan-request.ts';

interface Places {
  readonly operation?: RequestSection;
  readonly path?: RequestSection;
  readonly defaults?: RequestSection;
}

const plan = ({ operation, path, defaults }: Places, method: (typeof methods)[number] = 'get') => {
  const document: ContractDocument = { 'x-postern': { defaults: section(defaults) } };
  return planRequest(
    document,
    { 'x-postern': section(path) },
    { method, operation: { 'x-postern': section(operation) } },
  );
};

const section = (request: RequestSection | undefined) => (request === undefined ? {} : { request });

describe('what a request may have beyond the contract', () => {
  it('is no folded path, and any query, unless a section says so', () => {
    expect(plan({})).toMatchObject({ foldedPath: 'deny', undeclaredQuery: 'allow' });
  });

  it.each(['get', 'head', 'delete', 'options'] as const)('is no body on %s', (method) => {
    expect(plan({}, method).undeclaredBody).toBe('deny');
  });

  it.each(['post', 'put', 'patch'] as const)('is a body on %s', (method) => {
    expect(plan({}, method).undeclaredBody).toBe('allow');
  });

  it('is what the nearest section says, as a whole', () => {
    const defaults = { foldedPath: 'allow', undeclaredQuery: 'deny' } as const;
    expect(plan({ defaults })).toMatchObject(defaults);
    const path = { undeclaredBody: 'allow' } as const;
    expect(plan({ defaults, path })).toEqual({
      foldedPath: 'deny',
      undeclaredBody: 'allow',
      undeclaredQuery: 'allow',
    });
    const operation = { undeclaredQuery: 'deny' } as const;
    expect(plan({ defaults, path, operation })).toEqual({
      foldedPath: 'deny',
      undeclaredBody: 'deny',
      undeclaredQuery: 'deny',
    });
  });

  it('is the same for every method where a section says so', () => {
    const operation = { undeclaredBody: 'deny' } as const;
    expect(plan({ operation }, 'post').undeclaredBody).toBe('deny');
  });
});
