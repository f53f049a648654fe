import type { Phase } from '../../load-test/lib/gameday.ts';
import { trials } from './plan-phases.ts';

/** What `reports/gameday.json` says of one phase's alarms. */
export interface PhaseAlarms {
  readonly phase: string;
  readonly raised: readonly string[];
  readonly cleared: readonly string[];
}

/** Compares what was on at each phase's end with what was on before it. */
export const alarmChanges = (
  phases: readonly Pick<Phase, 'name'>[],
  onAtEnd: readonly ReadonlySet<string>[],
  onBefore: ReadonlySet<string>,
): readonly PhaseAlarms[] =>
  phases.map(({ name }, index) => {
    const before = index === 0 ? onBefore : (onAtEnd[index - 1] ?? new Set());
    const after = onAtEnd[index] ?? new Set();
    return {
      phase: name,
      raised: [...after].filter((alarm) => !before.has(alarm)).toSorted(),
      cleared: [...before].filter((alarm) => !after.has(alarm)).toSorted(),
    };
  });

/** What is missing: each fault has an alarm that it must raise, and that must be over in the phase after. */
export const missingAlarms = (changes: readonly PhaseAlarms[]): readonly string[] =>
  Object.entries(trials).flatMap(([kind, { alarm }]) => {
    const during = changes.find(({ phase }) => phase === kind);
    const after = changes.find(({ phase }) => phase === `${kind}-after`);
    if (during === undefined) return [];
    return [
      ...(during.raised.includes(alarm) ? [] : [`${kind} did not raise ${alarm}`]),
      ...(after?.cleared.includes(alarm) ? [] : [`${alarm} was not over after ${kind}`]),
    ];
  });
