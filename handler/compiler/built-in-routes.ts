import { type BuiltInPlan, builtInSection, type ContractPart } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import * as parts from './parts.ts';

/** The routes that the gateway itself responds to: those of every gateway, and those that this contract asks for. */
export const builtInRoutes = (document: ContractDocument): readonly BuiltInPlan[] =>
  Object.values<ContractPart>(parts).flatMap(
    (part) => part.routes?.(builtInSection(part, document), document) ?? [],
  );
