import type { UpstreamKindKeys } from './check-upstreams.ts';
import type { ContractPart } from './contract-part.ts';
import * as parts from './parts.ts';

/** The parts of the kinds that an upstream can name. */
export const upstreamParts: Readonly<Record<string, ContractPart>> = Object.fromEntries(
  Object.entries<ContractPart>(parts).filter(
    ([name, { upstream }]) => upstream && name in upstream,
  ),
);

/** The keys of which an operation has one, each with the kind of its target if that is no upstream's. */
export const targetKeys: ReadonlyMap<string, string | undefined> = new Map([
  ['upstream', undefined],
  ...Object.entries<ContractPart>(parts).flatMap(([name, { insteadOfUpstream = [] }]) =>
    insteadOfUpstream.map((key) => [key, name] as const),
  ),
]);

/** By the keys that name a kind. */
export const upstreamKinds: UpstreamKindKeys = Object.fromEntries(
  Object.entries(upstreamParts).map(([name, { upstream = {} }]) => [
    name,
    { example: `${name}: {}`, keys: Object.keys(upstream) },
  ]),
);
