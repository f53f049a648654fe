import { describe, expect, it } from '@jest/globals';
import { planPermissions } from './contract.ts';

describe('the default for undeclared parts of a request', () => {
  it('refuses folded paths and allows any query unless a section says otherwise', () => {
    expect(planPermissions(undefined, 'get')).toMatchObject({
      foldedPath: 'deny',
      undeclaredQuery: 'allow',
    });
  });

  it.each(['get', 'head', 'delete', 'options'] as const)('refuses a body on %s', (method) => {
    expect(planPermissions({}, method).undeclaredBody).toBe('deny');
  });

  it.each(['post', 'put', 'patch'] as const)('allows a body on %s', (method) => {
    expect(planPermissions({}, method).undeclaredBody).toBe('allow');
  });

  it('is the same for every method if a section says so', () => {
    expect(planPermissions({ undeclaredBody: 'deny' }, 'post').undeclaredBody).toBe('deny');
  });
});
