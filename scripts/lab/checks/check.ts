/** One kind of test, whatever runs it. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What went wrong, for people; empty where nothing did. */
  readonly detail: string;
}

export const passed: Outcome = { passed: 1, failed: 0, detail: '' };

export const failed = (detail: string): Outcome => ({ passed: 0, failed: 1, detail });
