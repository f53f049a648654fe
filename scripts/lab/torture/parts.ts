import type { Outcome } from '../checks/check.ts';
import { jestCheck } from '../checks/jest-check.ts';
import { endurance } from './endurance-part.ts';
import { infrastructure } from './infrastructure.ts';
import { schemathesis } from './schemathesis.ts';
import { tests } from './tests.ts';
import { mutation } from './mutation.ts';

export interface TortureOptions {
  /** The same seed gives the same cases. */
  readonly seed: number;
  /** 1 is the full numbers; 0.01 a hundredth of them. */
  readonly scale: number;
}

/** One property of the gateway, tested in its long form. */
export interface TorturePart {
  readonly name: string;
  readonly run: (options: TortureOptions) => Promise<Outcome>;
}

/** In the order in which `make torture` runs them. */
export const tortureParts: readonly TorturePart[] = [
  {
    name: 'fidelity',
    run: tests([
      ['unit', 'handler/src/fidelity.test.ts'],
      ['integration', 'handler/test/fidelity.test.ts'],
    ]),
  },
  {
    name: 'hostile-input',
    run: tests([
      ['long', 'handler/src/hostile-input.long.test.ts'],
      ['unit', 'handler/src/upstreams/s3/s3.gateway.test.ts'],
    ]),
  },
  {
    name: 'tokens',
    run: tests([
      ['unit', 'handler/src/stores/sessions/session-token.wycheproof.test.ts'],
      ['unit', 'handler/src/sign-in/session/authenticate.test.ts'],
      ['unit', 'handler/src/stores/sessions/session-token.test.ts'],
      ['long', 'handler/src/index.rotation.long.test.ts'],
      ['unit', 'handler/src/sign-in/jwt/access-token.wycheproof.test.ts'],
      ['unit', 'handler/src/sign-in/jwt/access-token.test.ts'],
      ['long', 'handler/src/sign-in/jwt/openid-provider.long.test.ts'],
    ]),
  },
  { name: 'faults', run: tests([['long', 'handler/src/index.faults.long.test.ts']]) },
  {
    name: 'disorder',
    run: tests([
      ['long', 'handler/src/stores/buckets/bucket-store.bound.long.test.ts'],
      ['long', 'handler/src/stores/quotas/quotas.bound.long.test.ts'],
      ['long', 'handler/src/stores/sessions/sessions.bound.long.test.ts'],
      ['long', 'handler/src/features/idempotency/idempotency.long.test.ts'],
      ['unit', 'handler/src/features/cache/callers.test.ts'],
      ['unit', 'handler/src/upstreams/sqs/sqs.gateway.test.ts'],
    ]),
  },
  {
    name: 'killed-workers',
    run: tests([['stack', 'scripts/lab/stack/killed-workers.test.ts']]),
  },
  {
    name: 'orders',
    run: tests([['stack', 'scripts/lab/stack/examples.test.ts', 'examples/orders']], {
      deploys: true,
    }),
  },
  { name: 'secrets', run: tests([['unit', 'handler/src/secrets.test.ts']]) },
  {
    name: 'coverage',
    run: jestCheck('unit tests', ['--selectProjects', 'unit', 'contract', '--coverage']).run,
  },
  { name: 'schemathesis', run: schemathesis },
  { name: 'infrastructure', run: infrastructure },
  { name: 'endurance', run: endurance },
  { name: 'mutation', run: mutation },
];
