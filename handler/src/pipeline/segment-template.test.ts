import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { segmentTemplate } from './segment-template.ts';

describe('a segment template', () => {
  it.each(['users', '{id}', '{rest+}', ''])('is nothing more than a segment: %j', (segment) => {
    expect(segmentTemplate(segment)).toBeUndefined();
  });

  it.each<[template: string, segment: string, values: readonly string[] | undefined]>([
    ['{id}.json', '7.json', ['7']],
    ['{id}.json', '7.json.json', ['7.json']],
    ['{id}.json', '.json', undefined],
    ['{id}.json', '7.jsonp', undefined],
    ['{name}:cancel', 'job:cancel', ['job']],
    ['{name}:cancel', 'job', undefined],
    ['v{version}', 'v2', ['2']],
    ['v{version}', 'v', undefined],
    ['{base}...{head}', 'main...topic', ['main', 'topic']],
    ['{base}...{head}', 'a...b...c', ['a', 'b...c']],
    ['{base}...{head}', '...topic', undefined],
    ['{base}...{head}', 'main...', undefined],
    ['{a}-{b}.{c}', '1-2.3', ['1', '2', '3']],
    ['{a}-{b}.{c}', '1.2-3', undefined],
    ["range(from='{from}',to='{to}')", "range(from='1',to='2')", ['1', '2']],
    ['{id}.json', '...json', undefined],
    ['{id}.json', '..;x.json', undefined],
    ['{id}:x', ';a:x', undefined],
  ])('%s reads %s', (template, segment, values) => {
    expect(segmentTemplate(template)?.read(segment)).toEqual(values);
  });

  it.each(['7.JSON', '7.json;x', '7.json.', '7%2ejson'])('fits %s for a lenient server', (text) => {
    const template = segmentTemplate('{id}.json');
    expect([template?.read(text), template?.fitsFolded(text)]).toEqual([undefined, true]);
    expect(template?.fitsFolded('7.xml')).toBe(false);
  });

  it('reads whatever it was filled with, or shorter values that make the same segment', () => {
    const value = fc.stringMatching(/^[a-z.-]{1,6}$/);
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 4 }), (given) => {
        const literals = ['v', ...given.slice(1).map((_, index) => '-.:'.charAt(index % 3)), '!'];
        const text = literals[0] + given.map((each, index) => each + literals[index + 1]).join('');
        const template =
          literals[0] + given.map((_, index) => `{p${index}}${literals[index + 1]}`).join('');
        const read = segmentTemplate(template)?.read(text);
        // A value of dots alone is refused.
        if (read === undefined) return expect(text).toMatch(/[v.:-]\.{1,2}[.:!-]/);
        expect(literals[0] + read.map((each, index) => each + literals[index + 1]).join('')).toBe(
          text,
        );
        return undefined;
      }),
    );
  });

  it('takes linear time', () => {
    const template = segmentTemplate('{a}ab{b}ab{c}ab{d}x');
    const started = performance.now();
    expect(template?.read('ab'.repeat(500_000))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(200);
  });
});
