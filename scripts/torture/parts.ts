import { disorderPart } from './disorder-part.ts';
import { endurancePart } from './endurance-part.ts';
import { faultsPart } from './faults-part.ts';
import { hostileInputPart } from './hostile-input-part.ts';
import { infrastructurePart } from './infrastructure-part.ts';
import { killedWorkersPart } from './killed-workers-part.ts';
import { mutationPart } from './mutation-part.ts';
import type { TorturePart } from './part.ts';
import { tokensPart } from './tokens-part.ts';

/** In the order in which `make torture` runs them. */
export const tortureParts: readonly TorturePart[] = [
  hostileInputPart,
  tokensPart,
  faultsPart,
  disorderPart,
  endurancePart,
  infrastructurePart,
  killedWorkersPart,
  mutationPart,
];
