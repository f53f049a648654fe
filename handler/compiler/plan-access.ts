import type { Access, SignInName } from '../src/contract.ts';
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
    return { kind: firstMethod, alternatives: [[]] };
  }
  if (security.length === 0) return { kind: 'public' };
  const methods = new Set<string>();
  const alternatives = security.map((requirement, index) => {
    for (const scheme of Object.keys(requirement ?? {})) {
      const method = methodOf(document, scheme, [...path, index, scheme], report);
      if (method !== undefined) methods.add(method);
    }
    return rolesOf(requirement);
  });
  const [method = firstMethod, ...others] = methods;
  if (others.length > 0)
    report(path, `callers cannot sign in by ${[...methods].join(' and by ')} here — keep one`);
  return { kind: method as SignInName, alternatives: widest(alternatives) };
};

/** All the roles of one requirement: those of every scheme in it. */
const rolesOf = (requirement: Security): readonly string[] => {
  const roles = Object.values(requirement ?? {}).flatMap((roles = []) => roles);
  return [...new Set(roles.filter((role) => role !== undefined))];
};

/** The sign-in methods that a scheme can name. */
const signInKinds = Object.fromEntries(
  Object.entries<ContractPart>(parts).flatMap(([name, { signIn }]) => {
    if (signIn === undefined) return [];
    const [section = '{}'] = (signIn['examples'] ?? []) as readonly string[];
    return [[name, { example: `x-postern: { ${name}: ${section} }` }] as const];
  }),
);
const firstMethod = Object.keys(signInKinds)[0] as SignInName;

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

/** Without the alternatives that require everything that another one requires. */
const widest = (alternatives: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  alternatives.filter(
    (roles, index) =>
      !alternatives.some(
        (other, at) =>
          at !== index &&
          other.every((role) => roles.includes(role)) &&
          (other.length < roles.length || at < index),
      ),
  );
