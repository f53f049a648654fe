import { describe, expect, it } from '@jest/globals';
import { describeLogLine, jsonLine } from './describe-log-line.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const describeJson = (fields: object) => describeLogLine(`${JSON.stringify(fields)}\n`, at);

const request = {
  timestamp: '2026-01-02T03:04:05.678Z',
  level: 'INFO',
  message: 'request',
  correlation_id: 'abc=',
  user_id: 'alice',
  method: 'GET',
  path: '/api/v1/users',
  status_code: 200,
  duration_ms: 12.4,
  upstream: 'users',
  upstream_ms: 9.6,
  cold_start: true,
};

describe('describeLogLine', () => {
  it('puts a request into columns', () => {
    expect(describeJson(request)?.split(/\s{2,}/)).toEqual([
      '03:04:05.678 INFO',
      '200',
      'GET /api/v1/users',
      '12 ms',
      'users 10 ms',
      'alice',
      'abc=',
      'cold start',
    ]);
  });

  it('shows why a request was refused', () => {
    const refused = {
      ...request,
      user_id: undefined,
      status_code: 401,
      error_code: 'CREDENTIALS_MISSING',
      cold_start: false,
    };
    expect(describeJson(refused)).toMatch(/401 .* - .* {2}CREDENTIALS_MISSING$/);
  });

  it('shows what did not get as far as a service, and why a limit was not known', () => {
    const unlimited = {
      ...request,
      upstream: undefined,
      upstream_ms: undefined,
      limiter_error: { name: 'ThrottlingException' },
    };
    expect(describeJson(unlimited)).toMatch(
      /12 ms {2}- +alice .*limit not known: \{"name":"ThrottlingException"\}$/,
    );
  });

  it('shows other lines with their fields', () => {
    expect(describeJson({ level: 'ERROR', message: 'no key', upstream: 'users' })).toBe(
      '03:04:05.678 ERROR no key  {"upstream":"users"}',
    );
    expect(describeLogLine('plain text', at)).toBe('03:04:05.678 plain text');
  });

  it.each([
    'START RequestId: 1 Version: 2',
    'REPORT RequestId: 1',
    '',
    '{"_aws":{},"Requests":1}',
    '{"type":"platform.start","record":{"requestId":"1"}}',
    '{"type":"platform.report","record":{"requestId":"1","status":"success"}}',
  ])('leaves out %j', (line) => expect(describeLogLine(line, at)).toBeUndefined());

  it('shows what Lambda itself says of a failure', () => {
    const report = { type: 'platform.report', record: { requestId: '1', status: 'error' } };
    expect(describeJson(report)).toContain('"status":"error"');
  });

  const invocation = '6f747a11-5b73-4a2a-9a3b-0d1c2e3f4a5b';
  it.each([
    [
      'in JSON',
      JSON.stringify({
        time: '2026-01-02T03:04:05.678Z',
        type: 'platform.report',
        record: { requestId: invocation, metrics: { durationMs: 30_004.2 }, status: 'timeout' },
      }),
      ' after 30 s',
    ],
    [
      'in text',
      `2026-01-02T03:04:05.678Z ${invocation} Task timed out after 30.03 seconds\n\n`,
      ' after 30.03 s',
    ],
    [
      'without a duration',
      JSON.stringify({
        type: 'platform.report',
        record: { requestId: invocation, status: 'timeout' },
      }),
      '',
    ],
  ])('shows the invocation that Lambda ended at the time limit: %s', (_, line, after) => {
    expect(describeLogLine(line, at)).toBe(
      `03:04:05.678 ERROR Task timed out${after}: Lambda ended invocation ${invocation}, whose request has no line of its own`,
    );
  });

  it('does not take a request for a timeout of Lambda whose path says so', () => {
    const path = `/x ${invocation} Task timed out after 30.03 seconds`;
    expect(describeJson({ ...request, path })).toContain('200');
  });

  it('does not let a path steer the terminal', () => {
    expect(describeJson({ ...request, path: '/\u001b[2J' })).toContain('/\\u001b[2J');
  });
});

describe('a line of the log for programs', () => {
  it('is the JSON that the function wrote', () => {
    expect(JSON.parse(jsonLine(`${JSON.stringify(request)}\n`, at))).toEqual(request);
  });

  it('is JSON also where Lambda wrote a text', () => {
    expect(JSON.parse(jsonLine('Task timed out\n', at))).toEqual({
      message: 'Task timed out',
      timestamp: '2026-01-02T03:04:05.678Z',
    });
  });
});
