import { expect, it } from '@jest/globals';
import { judgeState } from './state-versions.ts';

const state = { version: 4, serial: 7, lineage: 'a1b2', outputs: {}, resources: [{}, {}] };

it('finds a state sound that Terraform could read', () => {
  expect(judgeState(JSON.stringify(state))).toEqual({ kind: 'sound', serial: 7, resources: 2 });
});

it.each([
  ['cut off', JSON.stringify(state).slice(0, 30), 'no JSON'],
  ['empty', '', 'no JSON'],
  ['another document', '{"version":"1.2"}', 'not a state of format 4'],
  ['without its resources', JSON.stringify({ ...state, resources: undefined }), 'not a state'],
  ['null', 'null', 'no JSON'],
])('finds one broken that is %s', (_, text, reason) => {
  expect(judgeState(text)).toEqual({ kind: 'broken', reason: expect.stringContaining(reason) });
});
