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
  ])('given %j shows a line: %j', (variables, isShown) => {
    expect(shows(variables)).toBe(isShown);
  });

  it('hides lines without a request if a request_id is given', () => {
    expect(shows({ STATUS: '504' }, 'plain text')).toBe(false);
    expect(shows({}, 'plain text')).toBe(true);
  });

  it.each([
    [{ REQUEST_ID: '6f747a11-5b73-4a2a-9a3b-0d1c2e3f4a5b' }, true],
    [{ STATUS: '5xx' }, true],
    [{ REQUEST_ID: 'r1' }, false],
    [{ STATUS: '4xx' }, false],
    [{ USER_ID: 'alice' }, false],
  ])(
    'given %j shows an invocation that Lambda ended at the time limit: %j',
    (variables, isShown) => {
      const id = '6f747a11-5b73-4a2a-9a3b-0d1c2e3f4a5b';
      const record = { requestId: id, status: 'timeout' };
      expect(shows(variables, JSON.stringify({ type: 'platform.report', record }))).toBe(isShown);
      expect(
        shows(variables, `2026-01-02T03:04:05.678Z ${id} Task timed out after 30.03 seconds`),
      ).toBe(isShown);
    },
  );

  it('refuses what is no status', () => {
    expect(() => readLogFilter({ STATUS: '5' })).toThrow('STATUS is "5"');
  });
});
