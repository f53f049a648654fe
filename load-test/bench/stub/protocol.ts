import type { StubReport } from './aws.ts';

/** What the stub prints when it listens. */
export interface StubPorts {
  readonly aws: number;
  readonly upstream: number;
  readonly control: number;
}

/** What its control port answers: all that happened since it was last asked. */
export interface Observed extends StubReport {
  readonly upstreamConnections: number;
}
