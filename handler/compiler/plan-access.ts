import type { Access, Requirement } from '../src/contract.ts';
import type { ContractPart } from './contract-part.ts';
import type { ContractDocument, Operation, Security } from './document.ts';
import { kindOf } from './kind.ts';
import { suggestion } from './nearest.ts';
import * as parts from './parts.ts';
import type { Path, Report } from './problem.ts';

/**
 * The callers that may use an operation. If neither the operation nor the document defines this, it is a problem: no
 * operation is public by accident.
 */
export const planAccess = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  report: Report,
): Access => {
  const security = operation.security ?? document.security;
  const path = operation.security === undefined ? ['security'] : [...operationPath, 'security'];
  if (security === undefined) {
    const [scheme = firstMethod] = Object.keys(document.components?.securitySchemes ?? {});
    report(
      operationPath,
      `nothing says who may call this — add "security: []" for anyone, or "security: [{ ${scheme}: [admin] }]" for a role`,
      'key',
    );
    return { kind: 'signed-in', alternatives: [] };
  }
  if (security.length === 0) return { kind: 'public' };
  const alternatives = security.map((entry, index) =>
    planRequirement(document, entry, [...path, index], report),
  );
  return { kind: 'signed-in', alternatives: widest(alternatives) };
};

/** The sign-in methods of one entry of `security`. Two schemes of the same method are one, with the roles of both. */
const planRequirement = (
  document: ContractDocument,
  entry: Security,
  path: Path,
  report: Report,
): Requirement => {
  const requirement: Record<string, readonly string[]> = {};
  for (const [scheme, roles = []] of Object.entries(entry ?? {})) {
    const method = methodOf(document, scheme, [...path, scheme], report);
    if (method === undefined) continue;
    const all = [...(requirement[method] ?? []), ...roles.filter((role) => role !== undefined)];
    requirement[method] = [...new Set(all)];
  }
  return requirement;
};

/** The sign-in methods that a scheme can name. */
const signInKinds = Object.fromEntries(
  Object.entries<ContractPart>(parts).flatMap(([name, { signIn }]) => {
    if (signIn === undefined) return [];
    const [section = '{}'] = (signIn['examples'] ?? []) as readonly string[];
    return [[name, { example: `x-postern: { ${name}: ${section} }` }] as const];
  }),
);
const firstMethod = Object.keys(signInKinds)[0];

/** The sign-in method that a scheme names. */
const methodOf = (
  { components }: ContractDocument,
  scheme: string,
  path: Path,
  report: Report,
): string | undefined => {
  const schemes = components?.securitySchemes ?? {};
  const names = Object.keys(schemes);
  if (names.length === 0) {
    report(
      path,
      `"${scheme}" is not declared — add "${scheme}: { type: http, scheme: bearer, x-postern: { session: {} } }" to components.securitySchemes`,
      'key',
    );
  } else if (!names.includes(scheme)) {
    report(path, `unknown security scheme "${scheme}"${suggestion(scheme, names)}`, 'key');
  } else {
    const place = ['components', 'securitySchemes', scheme];
    return kindOf(schemes[scheme]?.['x-postern'] ?? {}, signInKinds, place, report);
  }
  return undefined;
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

/** Whether every caller who satisfies the one satisfies the other. */
export const implies = (one: Requirement, other: Requirement): boolean =>
  Object.entries<readonly string[]>(other).every(([method, roles]) => {
    const held: readonly string[] | undefined = one[method as keyof Requirement];
    return held !== undefined && roles.every((role) => held.includes(role));
  });
