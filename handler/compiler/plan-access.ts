import type { Access } from '../src/contract.ts';
import type { ContractDocument, Operation, Security } from './document.ts';
import { kindOf } from './kind.ts';
import { suggestion } from './nearest.ts';
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
    const [scheme = 'session'] = Object.keys(document.components?.securitySchemes ?? {});
    report(
      operationPath,
      `nothing says who may call this — add "security: []" for everybody, or "security: [{ ${scheme}: [admin] }]" for a role`,
      'key',
    );
    return { kind: 'session', alternatives: [[]] };
  }
  if (security.length === 0) return { kind: 'public' };
  const alternatives = security.map((requirement, index) =>
    rolesOf(document, requirement, [...path, index], report),
  );
  return { kind: 'session', alternatives: widest(alternatives) };
};

/** All the roles of one requirement: those of every scheme in it. */
const rolesOf = (
  document: ContractDocument,
  requirement: Security,
  path: Path,
  report: Report,
): readonly string[] => {
  const roles = Object.entries(requirement ?? {}).flatMap(([scheme, roles = []]) => {
    checkScheme(document, scheme, [...path, scheme], report);
    return roles.filter((role) => role !== undefined);
  });
  return [...new Set(roles)];
};

/** The sign-in methods that a scheme can name. */
const signInKinds = { session: { example: 'x-postern: { session: {} }' } };

const checkScheme = (
  { components }: ContractDocument,
  scheme: string,
  path: Path,
  report: Report,
): void => {
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
    kindOf(schemes[scheme]?.['x-postern'] ?? {}, signInKinds, place, report);
  }
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
