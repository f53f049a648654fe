import { describe, expect, it } from '@jest/globals';
import { planPermissions } from './contract.ts';

describe('what a request may have beyond the contract', () => {
  it('is no folded path, and any query, unless a section says so', () => {
    expect(planPermissions(undefined, 'get')).toMatchObject({
      foldedPath: 'deny',
      undeclaredQuery: 'allow',
    });
  });

  it.each(['get', 'head', 'delete', 'options'] as const)('is no body on %s', (method) => {
    expect(planPermissions({}, method).undeclaredBody).toBe('deny');
  });

  it.each(['post', 'put', 'patch'] as const)('is a body on %s', (method) => {
    expect(planPermissions({}, method).undeclaredBody).toBe('allow');
  });

  it('is the same for every method where a section says so', () => {
    expect(planPermissions({ undeclaredBody: 'deny' }, 'post').undeclaredBody).toBe('deny');
  });
});
