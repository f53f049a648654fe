import { disorderPart } from './disorder-part.ts';
import { endurancePart } from './endurance-part.ts';
import { faultsPart } from './faults-part.ts';
import { fidelityPart } from './fidelity-part.ts';
import { hostileInputPart } from './hostile-input-part.ts';
import { infrastructurePart } from './infrastructure-part.ts';
import { killedWorkersPart } from './killed-workers-part.ts';
import { mutationPart } from './mutation-part.ts';
import type { TorturePart } from './part.ts';
import { secretsPart } from './secrets-part.ts';
import { tokensPart } from './tokens-part.ts';

/** In the order in which `make torture` runs them. */
export const tortureParts: readonly TorturePart[] = [
  fidelityPart,
  hostileInputPart,
  tokensPart,
  faultsPart,
  disorderPart,
  killedWorkersPart,
  secretsPart,
  infrastructurePart,
  endurancePart,
  mutationPart,
];
