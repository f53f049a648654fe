import type { Access } from '../src/contract.ts';

/** Who may call, in words: `anyone`, `any session`, `admin or auditor`. */
export const callersOf = (access: Access): string => {
  if (access.kind === 'public') return 'anyone';
  return access.alternatives
    .map((alternative) => Object.entries(alternative).map(describeUser).join(' with '))
    .join(' or ');
};

const describeUser = ([method, roles]: [string, readonly string[]]): string =>
  roles.length === 0 ? `any ${method}` : roles.join(' and ');
