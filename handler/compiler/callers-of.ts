import type { Access } from '../src/contract.ts';

/** Who may call, in words: `anyone`, `any session`, `admin or auditor`, `orders:read (oauth)`. */
export const callersOf = (access: Access): string => {
  if (access.kind === 'public') return 'anyone';
  return access.alternatives
    .map((alternative) => Object.entries(alternative).map(describeUser).join(' with '))
    .join(' or ');
};

/**
 * A method that is one of several schemes is called by the scheme's name. Roles are those of a session unless the method
 * is named: two methods may have scopes of one name.
 */
const describeUser = ([method, roles = []]: [string, readonly string[] | undefined]): string => {
  const name = method.slice(method.indexOf(':') + 1);
  if (roles.length === 0) return `any ${name}`;
  return method === 'session' ? roles.join(' and ') : `${roles.join(' and ')} (${name})`;
};
