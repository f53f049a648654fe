import { describe, expect, it } from '@jest/globals';
import { judgeBy } from '../../../testing/judge-by.ts';

const milliseconds = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
};

describe('the largest body costs no more than reading it a few times', () => {
  const size = 1_048_576;

  it.each<[what: string, schema: object, body: string]>([
    [
      'numbers that must be unique',
      { type: 'array', uniqueItems: true },
      `[${Array.from({ length: size / 7 }, (_, index) => index).join()}]`,
    ],
    [
      'objects that must be unique',
      { type: 'array', uniqueItems: true },
      `[${Array.from({ length: size / 16 }, (_, index) => `{"a":${index}}`).join()}]`,
    ],
    [
      'an enum of objects',
      { type: 'array', items: { enum: [{ a: [1, 2] }, { a: [1] }] } },
      `[${'{"a":[1]},'.repeat(size / 10 - 1)}{"a":[1]}]`,
    ],
    [
      'amounts',
      { type: 'array', items: { multipleOf: 0.01 } },
      `[${'19.99,'.repeat(size / 6 - 1)}1]`,
    ],
    [
      'amounts that are huge',
      { type: 'array', items: { multipleOf: 0.03 } },
      `[${'3e299,'.repeat(size / 6 - 1)}3]`,
    ],
    [
      'lists that contain',
      { type: 'array', contains: { const: 'x' }, uniqueItems: true },
      `[${Array.from({ length: size / 8 }, (_, index) => index).join()},"x"]`,
    ],
    [
      'unevaluated properties',
      {
        anyOf: [{ properties: { a: true } }, true],
        patternProperties: { '^x': true },
        unevaluatedProperties: false,
      },
      `{${Array.from({ length: size / 12 }, (_, index) => `"x${index}":1`).join()}}`,
    ],
    [
      'dependent schemas',
      {
        dependentSchemas: {
          x0: { additionalProperties: { type: 'integer' } },
          x1: { minProperties: 2 },
        },
      },
      `{${Array.from({ length: size / 12 }, (_, index) => `"x${index}":1`).join()}}`,
    ],
  ])('%s', async (_, schema, body) => {
    const judge = await judgeBy(schema);
    expect(judge(body)).toEqual([]);
    expect(milliseconds(() => judge(body))).toBeLessThan(1_500);
  });

  it('nested lists that must all have unique items', async () => {
    const list = { type: 'array', uniqueItems: true, items: { $ref: '#/components/schemas/List' } };
    const judge = await judgeBy(
      { $ref: '#/components/schemas/List' },
      { List: { anyOf: [list, { type: 'string' }] } },
    );
    const body = `${'[[],'.repeat(800)}["${'x'.repeat(size)}"]${']'.repeat(800)}`;
    expect(judge(body)).toEqual([]);
    expect(milliseconds(() => judge(body))).toBeLessThan(1_500);
  });

  it('a schema that doubles the work with every level is stopped, with and without a list of violations', async () => {
    const branch = (name: string) => ({
      properties: { child: { $ref: '#/components/schemas/Node' } },
      required: [name],
    });
    const judge = await judgeBy(
      { $ref: '#/components/schemas/Node' },
      {
        Node: {
          type: 'object',
          properties: { child: { $ref: '#/components/schemas/Node' } },
          allOf: [branch('a'), { properties: { child: { $ref: '#/components/schemas/Node' } } }],
        },
      },
    );
    const nested = (depth: number, last = '{"a":1}') =>
      `${'{"a":1,"child":'.repeat(depth)}${last}${'}'.repeat(depth)}`;
    expect(judge(nested(6))).toEqual([]);
    let verdict: unknown;
    expect(milliseconds(() => (verdict = judge(nested(200))))).toBeLessThan(1_500);
    expect(verdict).toEqual([' is nested too deeply']);
    expect(milliseconds(() => (verdict = judge(nested(200, '{}'))))).toBeLessThan(1_500);
  });

  it('a tree of the maximum body size is checked completely', async () => {
    const judge = await judgeBy(
      { $ref: '#/components/schemas/Tree' },
      { Tree: { type: ['array', 'integer'], items: { $ref: '#/components/schemas/Tree' } } },
    );
    expect(judge(`[${'[1,1],'.repeat(size / 6 - 1)}1]`)).toEqual([]);
    expect(judge(`[${'[1,1],'.repeat(size / 6 - 1)}"x"]`)).toHaveLength(1);
  });
});
