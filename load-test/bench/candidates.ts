/** One way to do the gateway's work, ready to be started. */
export interface Candidate {
  readonly name: CandidateName;
  readonly title: string;
  readonly kind: 'floor' | 'postern' | 'node peer' | 'python peer';
  /** Executable and arguments; the event file and further arguments are added. */
  readonly command: readonly [string, ...string[]];
  readonly zipBytes: number;
}

export type CandidateName =
  | 'bare'
  | 'node_http'
  | 'invoke'
  | 'postern'
  | 'postern_sdk'
  | 'hono'
  | 'express'
  | 'fastify'
  | 'fastapi'
  /** Postern with other contracts than the example. */
  | 'smallest'
  | 'smallest_lambda'
  | 'everything';

/** All but the handler that does nothing, and so has nothing to be measured at when warm. */
export const forwards = ({ name }: Candidate): boolean => name !== 'bare';

/** Those that check sessions and limits. */
export const isGateway = ({ kind }: Candidate): boolean => kind !== 'floor';
