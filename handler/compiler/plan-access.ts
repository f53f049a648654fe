import type { Access, Requirement } from '../src/contract.ts';
import { implies } from './admits-more.ts';
import type { PlannedOperation } from './contract-part.ts';
import type { ContractDocument, Security } from './document.ts';
import type { Path, Report } from './problem.ts';
import { type SchemeMethod, schemeMethods } from './scheme-methods.ts';

type Callable = Pick<PlannedOperation, 'id' | 'operation' | 'place'>;

/**
 * The callers that may use each operation. If neither an operation nor the document defines this, it is a problem: no
 * operation is public by accident. Schemes that the contract leaves to the upstream let every caller through.
 */
export const planAccess = (
  document: ContractDocument,
  operations: readonly Callable[],
  report: Report,
  warn: Report,
): ReadonlyMap<Callable, Access> => {
  const methodOf = schemeMethods(document, report);
  const undefinedOnes = operations.filter(({ operation }) => operation.security === undefined);
  if (document.security === undefined && undefinedOnes.length > 0)
    report(['paths'], nothingSaid(document, undefinedOnes), 'key');
  return new Map(
    operations.map((planned) => {
      const { operation, place } = planned;
      const path = operation.security === undefined ? ['security'] : [...place, 'security'];
      const security = operation.security ?? document.security;
      return [planned, accessOf(security, path, methodOf, warn)];
    }),
  );
};

const nothingSaid = (
  { components }: ContractDocument,
  [first, ...others]: readonly Callable[],
): string => {
  const [scheme = 'session'] = Object.keys(components?.securitySchemes ?? {});
  const count = others.length === 1 ? '1 more operation' : `${others.length} more operations`;
  const which = others.length === 0 ? first?.id : `${first?.id} and ${count}`;
  return `nothing says who may call ${which} — add "security: []" to the document for anyone, or "security: [{ ${scheme}: [admin] }]" for a role; what an operation says itself has precedence`;
};

const accessOf = (
  security: readonly Security[] | undefined,
  path: Path,
  methodOf: SchemeMethod,
  warn: Report,
): Access => {
  if (security?.length === 0) return { kind: 'public' };
  const planned = security?.map((entry, index) => requirementOf(entry, [...path, index], methodOf));
  const alternatives = (planned ?? []).filter((each) => each !== undefined);
  // What is a problem itself is not also reported as public.
  if (alternatives.length !== planned?.length) return { kind: 'signed-in', alternatives: [] };
  const open = alternatives.findIndex((each) => Object.keys(each).length === 0);
  if (open < 0) return { kind: 'signed-in', alternatives: widest(alternatives) };
  if (alternatives.some((each) => Object.keys(each).length > 0))
    warn(
      [...path, open],
      'callers need not sign in here, so the gateway verifies no credentials and names no caller to the upstream',
    );
  return { kind: 'public' };
};

/** The sign-in methods of one entry of `security`. Two schemes of the same method are one, with the roles of both. */
const requirementOf = (
  entry: Security,
  path: Path,
  methodOf: SchemeMethod,
): Requirement | undefined => {
  let isWhole = true;
  const requirement: Record<string, readonly string[]> = {};
  for (const [scheme, roles = []] of Object.entries(entry ?? {})) {
    const method = methodOf(scheme, [...path, scheme]);
    isWhole &&= method !== undefined;
    if (method === undefined || method === 'open') continue;
    const all = [...(requirement[method] ?? []), ...roles.filter((role) => role !== undefined)];
    requirement[method] = [...new Set(all)];
  }
  return isWhole ? requirement : undefined;
};

/**
 * Without the alternatives that every caller of another one satisfies, if that one names the same caller: because it is
 * tried first, or because all alternatives begin with the same method.
 */
export const widest = (alternatives: readonly Requirement[]): readonly Requirement[] => {
  const callers = new Set(alternatives.map((each) => Object.keys(each)[0]));
  return alternatives.filter(
    (alternative, index) =>
      !alternatives.some(
        (other, at) =>
          implies(alternative, other) &&
          (at < index || (callers.size === 1 && !implies(other, alternative))),
      ),
  );
};
