import { describe, expect, it } from '@jest/globals';
import { asTerraform, keptPermissions } from './kept-permissions.ts';
import type { Traffic } from './live-alias.ts';
import { settledOn } from './settled-traffic.ts';

const permitted = (action: string): string =>
  JSON.stringify([{ actions: [action], leading_keys: [], resources: ['arn:aws:sqs:::orders'] }]);
const [first, second, third] = ['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:PurgeQueue'].map(
  permitted,
) as [string, string, string];

/** What the module puts out after an apply: earlier versions that need something else than the contract. */
const applied = (permissions: string, given: Readonly<Record<string, string>>) => ({
  permissions,
  kept_permissions: Object.fromEntries(
    Object.entries(given).filter(([, each]) => each !== permissions),
  ),
});

describe('keptPermissions', () => {
  it('keeps what the serving version needs while an apply publishes another', () => {
    expect(keptPermissions(applied(first, {}), settledOn('7', []))).toEqual({ '7': first });
  });

  it('keeps what both versions need while a release shares the requests', () => {
    const traffic: Traffic = {
      version: '7',
      also: { version: '8', share: 0.1 },
      servedBefore: ['6'],
      release: { version: '8', until: '2026-11-21T10:30:00Z' },
    };
    expect(keptPermissions(applied(second, { '6': first, '7': first }), traffic)).toEqual({
      '6': first,
      '7': first,
      '8': second,
    });
  });

  it('keeps what each version needs to which rollbacks return, through releases that change it', () => {
    const afterTwo = applied(second, keptPermissions(applied(first, {}), settledOn('1', [])));
    const afterThree = applied(third, keptPermissions(afterTwo, settledOn('2', ['1'])));
    expect(keptPermissions(afterThree, settledOn('3', ['2', '1']))).toEqual({
      '1': first,
      '2': second,
      '3': third,
    });
  });

  it('leaves the state as it is once a release has ended, so that a plan shows no change', () => {
    const state = applied(second, keptPermissions(applied(first, {}), settledOn('1', [])));
    expect(applied(second, keptPermissions(state, settledOn('2', ['1'])))).toEqual(state);
  });

  it('lets go of what only a version needed to which no rollback returns', () => {
    const state = applied(second, { '1': first });
    expect(keptPermissions(state, settledOn('3', ['2']))).toEqual({ '3': second, '2': second });
  });

  it('forgets the version that a rollback has left, once another is applied', () => {
    const state = applied(third, { '1': first, '2': second });
    expect(keptPermissions(state, settledOn('1', []))).toEqual({ '1': first });
  });

  it('keeps nothing of a stack of 0.1, which does not say what its versions need', () => {
    expect(keptPermissions({ alias_name: 'live' }, settledOn('7', []))).toEqual({});
  });
});

describe('asTerraform', () => {
  it('writes an expression in which nothing is a template', () => {
    expect(asTerraform({ '7': 'a ${x} and %{y} and $z' })).toBe('{"7":"a $${x} and %%{y} and $z"}');
  });
});
