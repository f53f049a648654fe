import type { DrillStack } from './drill-stack.ts';

/** One runbook's rehearsal: what goes wrong, what a person would read off the screen, and what must hold again. */
export interface Drill {
  readonly runbook: string;
  /** What is looked for in the output of the steps so far, by the placeholder it fills; the first group counts. */
  readonly reads: Readonly<Record<string, RegExp>>;
  /** How long the runbook may take; no limit where none is given. */
  readonly mostSeconds?: number;
  /** Does the damage, and shows that it hurts. */
  readonly breakIt: (stack: DrillStack) => Promise<Broken>;
}

export interface Broken {
  /** Placeholders that the situation itself fills. */
  readonly values?: Readonly<Record<string, string>>;
  /** Throws where something does not hold again; says what does. It is given what the steps printed. */
  readonly prove: (screen: string) => Promise<string>;
}
