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
    ['http_req_duration p(95)<200', 61.4, '95 of 100 answers within 200 ms', '61 ms'],
    [
      'http_req_duration{part:last quarter} p(95)<200',
      61,
      'last quarter: 95 of 100 answers within 200 ms',
      '61 ms',
    ],
    [
      'http_req_duration{scenario:climb,status:200} p(95)<1000',
      700,
      'climb: 95 of 100 answers within 1000 ms, of those served',
      '700 ms',
    ],
    ['http_req_failed rate<0.01', 0.0041, 'fewer than 1 % of the requests fail', '0.41 %'],
    ['http_req_failed rate==0', 0, 'none of the requests fails', '0 %'],
    ['checks rate==1', 0.998, 'all the answers as they should be', '99.8 %'],
    [
      'checks{check:status is as expected} rate>0.99',
      1,
      'more than 99 % of the answers as they should be: status is as expected',
      '100 %',
    ],
    [
      'http_reqs{scenario:spike,status:200} count>=600',
      812,
      'spike: at least 600 requests, of those served',
      '812',
    ],
    ['dropped_iterations count==0', 0, 'every request sent when it was due', '0 left out'],
    [
      'postern_disturbed{phase:error} rate<=0.67',
      0.5,
      'at most 67 % of requests meet a fault',
      '50 %',
    ],
  ])('%s', (text, measured, rule, figure) => {
    expect(ruleOf(threshold(text))).toBe(rule);
    expect(figureOf(threshold(text, measured))).toBe(figure);
  });

  it('says so where nothing was measured', () => {
    expect(figureOf(threshold('http_req_duration p(95)<200'))).toBe('nothing measured');
  });

  it('stays k6’s own where nobody found words for it', () => {
    expect(ruleOf(threshold('vus_max value<9'))).toBe('vus_max value<9');
  });

  it('has words for all that the scenarios have thresholds on', () => {
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
