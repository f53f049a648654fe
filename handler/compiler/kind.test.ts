import { describe, expect, it, jest } from '@jest/globals';
import { kindOf } from './kind.ts';

const kinds = { http: { example: 'http: {}' }, lambda: { example: 'lambda: {}' } };
const path = ['upstreams', 'users'];

describe('the kind of a section', () => {
  it('is the one key that names it', () => {
    const report = jest.fn();
    expect(kindOf({ http: {}, timeout: '5s' }, kinds, path, report)).toBe('http');
    expect(report).not.toHaveBeenCalled();
  });

  it.each([
    ['none', {}, '"users" does not name its kind — add "http: {}" or "lambda: {}"'],
    ['two', { http: {}, lambda: {} }, '"users" names several kinds, http and lambda — keep one'],
  ])('is a problem if a section has %s', (_, section, message) => {
    const report = jest.fn();
    expect(kindOf(section, kinds, path, report)).toBeUndefined();
    expect(report.mock.calls).toEqual([[path, message, 'key']]);
  });
});
