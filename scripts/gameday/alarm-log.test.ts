import { describe, expect, it } from '@jest/globals';
import { alarmChanges, missingAlarms } from './alarm-log.ts';

const phases = ['calm', 'error', 'error-after'].map((name) => ({ name }));
const changesOf = (...onAtEnd: readonly string[][]) =>
  alarmChanges(
    phases,
    onAtEnd.map((names) => new Set(names)),
    new Set(['old']),
  );

describe('the alarms of a day', () => {
  it('are told by what changed in each phase', () => {
    expect(changesOf(['old'], ['api-5xx-rate', 'old'], [])).toEqual([
      { phase: 'calm', raised: [], cleared: [] },
      { phase: 'error', raised: ['api-5xx-rate'], cleared: [] },
      { phase: 'error-after', raised: [], cleared: ['api-5xx-rate', 'old'] },
    ]);
  });

  it('miss nothing where the fault’s alarm went off and was over', () => {
    expect(missingAlarms(changesOf([], ['api-5xx-rate'], []))).toEqual([]);
  });

  it('miss one that stayed silent, or stayed on', () => {
    expect(missingAlarms(changesOf([], [], []))).toEqual([
      'error did not raise api-5xx-rate',
      'api-5xx-rate was not over after error',
    ]);
    expect(missingAlarms(changesOf([], ['api-5xx-rate'], ['api-5xx-rate']))).toEqual([
      'api-5xx-rate was not over after error',
    ]);
  });
});
