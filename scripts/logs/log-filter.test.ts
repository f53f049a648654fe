import { describe, expect, it } from '@jest/globals';
import { readLogFilter } from './log-filter.ts';

const line = JSON.stringify({
  message: 'request',
  correlation_id: 'r1',
  route: 'GET /a',
  status_code: 504,
  user_id: 'alice',
});
const shows = (variables: Record<string, string>, message = line) =>
  readLogFilter(variables)(message);

describe('the filter of the log', () => {
  it.each([
    [{}, true],
    [{ REQUEST_ID: 'r1' }, true],
    [{ REQUEST_ID: 'r2' }, false],
    [{ ROUTE: 'GET /a', USER_ID: 'alice' }, true],
    [{ ROUTE: 'GET /a', USER_ID: 'bob' }, false],
    [{ STATUS: '504' }, true],
    [{ STATUS: '5xx' }, true],
    [{ STATUS: '4xx' }, false],
    [{ STATUS: '', USER_ID: '' }, true],
  ])('given %j shows a line: %j', (variables, isShown) => {
    expect(shows(variables)).toBe(isShown);
  });

  it('hides lines that are of no request where one is named', () => {
    expect(shows({ STATUS: '504' }, 'plain text')).toBe(false);
    expect(shows({}, 'plain text')).toBe(true);
  });

  it('refuses what is no status', () => {
    expect(() => readLogFilter({ STATUS: '5' })).toThrow('STATUS is "5"');
  });
});
