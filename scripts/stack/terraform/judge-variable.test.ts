import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder } from '../command-line/folders.ts';
import { variableBlocks } from '../../lab/terraform-docs/read-module.ts';
import { problemOf } from './judge-variable.ts';

describe('a value that Terraform accepts', () => {
  it('has a problem where the conversion has dropped an attribute, however deep', () => {
    const given = { rules: [{ path: '/a' }, { paht: '/b' }] };
    const value = { rules: [{ path: '/a' }, { path: null }] };
    expect(problemOf('routing', given, value)).toBe(
      'routing.rules[1] has no "paht"; did you mean "path"?',
    );
    expect(problemOf('slo', { zebra: 1 }, { latency: null, errors: null })).toBe(
      'slo has no "zebra"; there are latency, errors',
    );
  });

  it('has a problem where null became the default', () => {
    expect(problemOf('level', null, 'INFO')).toBe(
      'level must not be null: write level = "INFO", which is the default, or another value',
    );
  });

  it.each([
    ['null where null is a value', null, null],
    ['a map, whose keys are free', { users: 'a' }, { users: 'a' }],
    ['a number written as a text', '5', 5],
    ['attributes left out', {}, { optional: null }],
    ['a list that became a set', ['b', 'a', 'a'], ['a', 'b']],
  ])('has none: %s', (_, given, value) => {
    expect(problemOf('it', given, value)).toBeUndefined();
  });
});

describe('the root', () => {
  it('takes null for those variables alone whose default it is', () => {
    const source = readdirSync(terraformFolder)
      .filter((file) => file.endsWith('.tf'))
      .map((file) => readFileSync(join(terraformFolder, file), 'utf8'))
      .join('\n');
    const wrong = variableBlocks(source)
      .filter((text) => /^ {2}default +=/m.test(text))
      .filter(
        (text) => /^ {2}default += null$/m.test(text) === /^ {2}nullable += false$/m.test(text),
      )
      .map((text) => text.split('\n')[0]);
    expect(wrong).toEqual([]);
  });
});
