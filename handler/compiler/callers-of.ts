import type { Access } from '../src/contract.ts';

/** Who may call, in words: `anyone`, `any session`, `admin or auditor`. */
export const callersOf = (access: Access): string => {
  if (access.kind === 'public') return 'anyone';
  return access.alternatives
    .map((alternative) => Object.entries(alternative).map(describeUser).join(' with '))
    .join(' or ');
};

/** A method that is one of several schemes is called by the scheme's name. */
const describeUser = ([method, roles = []]: [string, readonly string[] | undefined]): string =>
  roles.length === 0 ? `any ${method.slice(method.indexOf(':') + 1)}` : roles.join(' and ');
