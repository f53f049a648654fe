import { describe, expect, it, jest } from '@jest/globals';
import { standardOutput } from '../../testing/captured-output.ts';
import { createLog, describeError } from './logger.ts';

describe('createLog', () => {
  it('writes one JSON line with the fields in order, without undefined ones', () => {
    const [line] = standardOutput(() => {
      createLog('INFO').info('request', { method: 'GET', user_id: undefined, status_code: 200 });
    }) as Array<Record<string, unknown>>;
    expect(Object.keys(line ?? {})).toEqual([
      'timestamp',
      'level',
      'message',
      'method',
      'status_code',
    ]);
    expect(line).toMatchObject({ level: 'INFO', message: 'request', status_code: 200 });
    expect(line?.['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('writes nothing below its level', () => {
    expect(standardOutput(() => createLog('ERROR').warn('quiet'))).toEqual([]);
  });

  it('applies its level even if Lambda passes every line', () => {
    const environment = jest.replaceProperty(process, 'env', { AWS_LAMBDA_LOG_LEVEL: 'TRACE' });
    try {
      const log = createLog('WARN');
      expect(standardOutput(() => log.info('quiet'))).toEqual([]);
      expect(standardOutput(() => log.warn('heard'))).toMatchObject([{ level: 'WARN' }]);
    } finally {
      environment.restore();
    }
  });

  it('writes one valid line with any field values', () => {
    const hostile = 'line\n{"level":"FAKE"}\u2028\u0000"\\\ud800';
    const lines = standardOutput(() => createLog('INFO').info('request', { path: hostile }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'INFO' });
  });

  it('loses a line, not the request, when standard output is closed', () => {
    const log = createLog('INFO');
    expect(() => standardOutput(() => log.error('lost'), { broken: true })).not.toThrow();
  });
});

describe('describeError', () => {
  it('has the origin of an error, without its message or the messages of its causes', () => {
    const cause = Object.assign(new Error('token eyJhbGciOi'), { code: 'ECONNREFUSED' });
    const described = describeError(new TypeError('body hunter2', { cause }));
    expect(described).toMatchObject({
      name: 'TypeError',
      cause: { name: 'Error', code: 'ECONNREFUSED' },
    });
    expect(JSON.stringify(described)).toMatch(/logger\.test\.ts/);
    expect(JSON.stringify(described)).not.toMatch(/hunter2|eyJ/);
  });

  it('does not read a multi-line message as stack frames', () => {
    const error = new Error('first\n    at secret (hunter2.js:1:1)');
    expect(JSON.stringify(describeError(error))).not.toContain('hunter2');
  });

  it('accepts values that are not errors', () => {
    expect(describeError(undefined)).toBeUndefined();
    expect(describeError('hunter2')).toEqual({ name: 'string' });
  });
});
