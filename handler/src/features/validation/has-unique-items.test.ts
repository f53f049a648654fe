import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { equalJson } from './equal-json.ts';
import { hasUniqueItems } from './has-unique-items.ts';

describe('hasUniqueItems', () => {
  it.each([
    '[1,1.0]',
    '[0,-0]',
    '["a","\\u0061"]',
    '[{"a":1,"b":[2]},{"b":[2],"a":1}]',
    '[[],[]]',
    '[null,null]',
    `[{"a":"${'x'.repeat(99)}"},{"a":"${'x'.repeat(99)}"}]`,
  ])('finds the repeated item in %s', (text) => {
    expect(hasUniqueItems(JSON.parse(text) as unknown[])).toBe(false);
  });

  it.each([
    '[1,"1",true,"true",null,"null"]',
    '[[1],["1"],[[1]],{"0":1}]',
    '[{"a":1},{"a":2},{"b":1},{}]',
    '["[]",[],"{}",{}]',
    '[{"a":1e999},{"a":null},{"a":"Infinity"}]',
    '[{"a":"1,b:2"},{"a":"1","b":"2"}]',
  ])('finds none in %s', (text) => {
    expect(hasUniqueItems(JSON.parse(text) as unknown[])).toBe(true);
  });

  it('agrees with comparing each item with every other', () => {
    const item = fc.jsonValue({ maxDepth: 2, depthSize: 'small' });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const read = JSON.parse(JSON.stringify(items)) as unknown[];
        const isUnique = read.every((a, index) =>
          read.slice(index + 1).every((b) => !equalJson(a, b)),
        );
        expect(hasUniqueItems(read)).toBe(isUnique);
      }),
    );
  });
});
