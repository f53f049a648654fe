import type { Access } from '../src/contract.ts';
import type { ContractDocument, Operation, Security } from './document.ts';
import type { Path, Report } from './problem.ts';
import { suggestion } from './nearest.ts';

/** Who may call an operation. One that does not say, in a document that does not either, is never open by accident. */
export const planAccess = (
  document: ContractDocument,
  operation: Operation,
  operationPath: Path,
  report: Report,
): Access => {
  const security = operation.security ?? document.security;
  const path = operation.security === undefined ? ['security'] : [...operationPath, 'security'];
  if (security === undefined) {
    report(
      operationPath,
      'nothing says who may call this — add "security: []" for everybody, or "security: [{ session: [admin] }]" for a role',
      'key',
    );
    return { kind: 'session', anyRoleOf: [] };
  }
  if (security.length === 0) return { kind: 'public' };

  const alternatives = security.map((requirement, index) =>
    rolesOf(document, requirement, [...path, index], report),
  );
  // An alternative without roles lets every session in, whatever the others ask for.
  const isAnySession = alternatives.some((roles) => roles.length === 0);
  return { kind: 'session', anyRoleOf: isAnySession ? [] : [...new Set(alternatives.flat())] };
};

const rolesOf = (
  { components }: ContractDocument,
  requirement: Security,
  path: Path,
  report: Report,
): readonly string[] => {
  for (const scheme of Object.keys(requirement ?? {})) {
    if (scheme !== 'session') {
      report(
        [...path, scheme],
        `unknown security scheme "${scheme}"${suggestion(scheme, ['session'])}`,
        'key',
      );
    } else if (components?.securitySchemes?.['session'] === undefined) {
      report(
        [...path, scheme],
        '"session" is not declared — add "session: { type: http, scheme: bearer }" to components.securitySchemes',
        'key',
      );
    }
  }
  return (requirement?.['session'] ?? []).filter((role) => role !== undefined);
};
