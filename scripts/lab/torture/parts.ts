import { endurancePart } from './endurance-part.ts';
import { infrastructurePart } from './infrastructure-part.ts';
import { jestPart } from './jest-part.ts';
import { mutationPart } from './mutation-part.ts';
import type { TorturePart } from './part.ts';

/** In the order in which `make torture` runs them. */
export const tortureParts: readonly TorturePart[] = [
  jestPart('fidelity', [
    ['unit', 'handler/src/fidelity.test.ts'],
    ['integration', 'handler/test/fidelity.test.ts'],
  ]),
  jestPart('hostile-input', [['long', 'handler/src/hostile-input.long.test.ts']]),
  jestPart('tokens', [
    ['unit', 'handler/src/sign-in/session/token.wycheproof.test.ts'],
    ['unit', 'handler/src/sign-in/session/authenticate.test.ts'],
    ['unit', 'handler/src/sign-in/session/token.test.ts'],
    ['long', 'handler/src/index.rotation.long.test.ts'],
  ]),
  jestPart('faults', [['long', 'handler/src/index.faults.long.test.ts']]),
  jestPart('disorder', [
    ['long', 'handler/src/stores/buckets/bucket-store.bound.long.test.ts'],
    ['long', 'handler/src/stores/sessions/sessions.bound.long.test.ts'],
  ]),
  jestPart('killed-workers', [['stack', 'scripts/lab/stack/killed-workers.test.ts']]),
  jestPart('secrets', [['unit', 'handler/src/secrets.test.ts']]),
  infrastructurePart,
  endurancePart,
  mutationPart,
];
