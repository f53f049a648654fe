import { describe, expect, it } from '@jest/globals';
import type { PhaseFault } from '../../../load-test/lib/gameday.ts';
import { alarmChanges, missingAlarms } from './alarm-log.ts';

const fault: PhaseFault = {
  ...{ kind: 'error', routes: [], percent: 50, latencyMs: 0, status: 500 },
  ...{ text: '', alarm: 'api-5xx-rate' },
};
const phases = ['calm', 'error', 'error-after'].map((name) => ({
  name,
  fault: name === 'error' ? fault : undefined,
}));
const changesOf = (...onAtEnd: readonly string[][]) =>
  alarmChanges(
    phases,
    onAtEnd.map((names) => new Set(names)),
    new Set(['old']),
  );

describe('the alarms of a day', () => {
  it('are those that changed in each phase', () => {
    expect(changesOf(['old'], ['api-5xx-rate', 'old'], [])).toEqual([
      { phase: 'calm', raised: [], cleared: [] },
      { phase: 'error', raised: ['api-5xx-rate'], cleared: [] },
      { phase: 'error-after', raised: [], cleared: ['api-5xx-rate', 'old'] },
    ]);
  });

  it('miss nothing if the fault’s alarm was active and has ended', () => {
    expect(missingAlarms(phases, changesOf([], ['api-5xx-rate'], []))).toEqual([]);
  });

  it('miss one that stayed silent, or stayed on', () => {
    expect(missingAlarms(phases, changesOf([], [], []))).toEqual([
      'error did not raise api-5xx-rate',
      'api-5xx-rate was not cleared after error',
    ]);
    expect(missingAlarms(phases, changesOf([], ['api-5xx-rate'], ['api-5xx-rate']))).toEqual([
      'api-5xx-rate was not cleared after error',
    ]);
  });
});
