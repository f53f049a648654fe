import type { StubReport } from './aws.ts';

/** What the stub prints when it listens. */
export interface StubPorts {
  readonly aws: number;
  readonly upstream: number;
  readonly control: number;
}

/** The response of its control port: everything since the last call. */
export interface Observed extends StubReport {
  readonly upstreamConnections: number;
}
