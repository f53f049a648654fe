import { describe, expect, it } from '@jest/globals';
import { describeLogLine } from './describe-log-line.ts';

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
      error_code: 'TOKEN_MISSING',
      cold_start: false,
    };
    expect(describeJson(refused)).toMatch(/401 .* - .* {2}TOKEN_MISSING$/);
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
    const report = { type: 'platform.report', record: { requestId: '1', status: 'timeout' } };
    expect(describeJson(report)).toContain('"status":"timeout"');
  });

  it('does not let a path steer the terminal', () => {
    expect(describeJson({ ...request, path: '/\u001b[2J' })).toContain('/\\u001b[2J');
  });
});
