import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { figureOf, ruleOf } from './describe-threshold.ts';

const threshold = (text: string, measured?: number) => {
  const [metric = '', condition = ''] = text.split(/ (?=\S+$)/);
  return { metric, condition, measured, ok: true };
};

describe('a threshold in words', () => {
  it.each([
    ['http_req_duration p(95)<200', 61.4, 'p95 of the response time under 200 ms', '61 ms'],
    [
      'http_req_duration{part:last quarter} p(95)<200',
      61,
      'last quarter: p95 of the response time under 200 ms',
      '61 ms',
    ],
    [
      'http_req_duration{scenario:climb,status:200} p(95)<1000',
      700,
      'climb: p95 of the response time under 1000 ms, of successful responses',
      '700 ms',
    ],
    ['http_req_failed rate<0.01', 0.0041, 'fewer than 1 % of the requests fail', '0.41 %'],
    ['http_req_failed rate==0', 0, 'none of the requests fail', '0 %'],
    ['checks rate==1', 0.998, 'all the responses as expected', '99.8 %'],
    [
      'checks{check:status is as expected} rate>0.99',
      1,
      'more than 99 % of the responses as expected: status is as expected',
      '100 %',
    ],
    [
      'http_reqs{scenario:spike,status:200} count>=600',
      812,
      'spike: at least 600 requests, of successful responses',
      '812',
    ],
    ['dropped_iterations count==0', 0, 'every request sent on schedule', '0 not sent'],
    [
      'postern_disturbed{phase:error} rate<=0.67',
      0.5,
      'at most 67 % of the requests affected by a fault',
      '50 %',
    ],
  ])('%s', (text, measured, rule, figure) => {
    expect(ruleOf(threshold(text))).toBe(rule);
    expect(figureOf(threshold(text, measured))).toBe(figure);
  });

  it('says that a threshold was not measured', () => {
    expect(figureOf(threshold('http_req_duration p(95)<200'))).toBe('not measured');
  });

  it('leaves a threshold on an unknown metric as k6 writes it', () => {
    expect(ruleOf(threshold('vus_max value<9'))).toBe('vus_max value<9');
  });

  it('has words for every metric that a scenario has a threshold on', () => {
    const folder = join(projectFolder, 'load-test');
    const sources = ['scenarios', 'lib'].flatMap((name) =>
      readdirSync(join(folder, name))
        .filter((file) => !file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(folder, name, file), 'utf8')),
    );
    const metrics = sources.flatMap((source) =>
      [...source.matchAll(/^ +\[?['`]?(\w+)(?:\{[^'`]*\})?['`]?\]?: (?:\[['`]\w|bounds)/gm)].map(
        ([, metric = '']) => metric,
      ),
    );
    expect(metrics.length).toBeGreaterThan(10);
    for (const metric of new Set(metrics)) {
      expect(ruleOf(threshold(`${metric} count>1`))).not.toContain(metric);
    }
  });
});
