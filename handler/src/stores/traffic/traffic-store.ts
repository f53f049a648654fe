/** By the name of an upstream. */
export type Weights = Readonly<Record<string, number>>;

/** Weights in place of the contract's: of a route, by its id; or of all routes with the same upstreams, by their names. */
export type TrafficWeights = Readonly<Record<string, Weights>>;

export interface TrafficStore {
  /** Empty if the contract's weights apply. Rejects if the table cannot be read, or holds something else. */
  read(deadlineMs: number): Promise<TrafficWeights>;
}

declare module '../../parts.ts' {
  interface Stores {
    readonly traffic?: TrafficStore;
  }
}
