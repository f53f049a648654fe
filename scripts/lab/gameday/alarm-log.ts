import type { Phase } from '../../../load-test/lib/gameday.ts';

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
export const missingAlarms = (
  phases: readonly Pick<Phase, 'name' | 'fault'>[],
  changes: readonly PhaseAlarms[],
): readonly string[] =>
  phases.flatMap(({ name, fault }) => {
    if (fault === undefined) return [];
    const { alarm } = fault;
    const during = changes.find(({ phase }) => phase === name);
    const after = changes.find(({ phase }) => phase === `${name}-after`);
    return [
      ...(during?.raised.includes(alarm) ? [] : [`${name} did not raise ${alarm}`]),
      ...(after?.cleared.includes(alarm) ? [] : [`${alarm} was not over after ${name}`]),
    ];
  });
