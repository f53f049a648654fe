import { expect, it } from '@jest/globals';
import { readGameDayArguments } from './gameday-arguments.ts';

it('injects every kind for 15 seconds by default', () => {
  expect(readGameDayArguments({})).toEqual({
    kinds: ['latency', 'error', 'upstream-cut', 'store-throttled'],
    timing: { calmSeconds: 10, faultSeconds: 15, wellSeconds: 10 },
    isLongEnoughForAlarms: false,
  });
  expect(readGameDayArguments({ KIND: 'error', FOR: '6m' })).toEqual({
    kinds: ['error'],
    timing: { calmSeconds: 360, faultSeconds: 360, wellSeconds: 360 },
    isLongEnoughForAlarms: true,
  });
});

it.each([
  [{ KIND: 'error,fire' }, 'KIND names "fire"'],
  [{ FOR: '1s' }, 'FOR is "1s"; it is a duration from 3s to 30m'],
  [{ FOR: 'long' }, 'FOR is "long"'],
])('refuses %j', (variables, message) => {
  expect(() => readGameDayArguments(variables)).toThrow(message);
});
