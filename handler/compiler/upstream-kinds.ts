import type { ContractPart } from './contract-part.ts';
import * as parts from './parts.ts';

/** The parts of the kinds that an upstream can name. */
export const upstreamParts: Readonly<Record<string, ContractPart>> = Object.fromEntries(
  Object.entries<ContractPart>(parts).filter(
    ([name, { upstream }]) => upstream && name in upstream,
  ),
);

/** The keys that name a kind. */
export const upstreamKinds = Object.fromEntries(
  Object.keys(upstreamParts).map((name) => [name, { example: `${name}: {}` }]),
);
