import type { Access, Target } from '../src/contract.ts';

/** The content of the generated module, as plain data. */
export interface ContractPlan {
  /** Names. */
  readonly upstreams: readonly string[];
  readonly routes: readonly RoutePlan[];
}

export interface RoutePlan {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  readonly target: Target;
  readonly maxBodyBytes: number;
}
