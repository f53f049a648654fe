import { compareOpenapi } from './compare-openapi.ts';
import { type Change, compareRoutes } from './compare-routes.ts';
import type { ContractToCompare } from './contract-to-compare.ts';

/** All changes, the breaking ones first. */
export const compareContracts = async (
  before: ContractToCompare,
  after: ContractToCompare,
): Promise<readonly Change[]> => {
  const routes =
    before.routes && after.routes ? compareRoutes(before.routes, after.routes) : undefined;
  const callers = routes !== undefined;
  const inOpenapi = await compareOpenapi(before.openapi, after.openapi, { callers });
  const changes = [...inOpenapi, ...(routes ?? [])];
  return levels.flatMap((level) => changes.filter((change) => change.level === level));
};

const levels: ReadonlyArray<Change['level']> = ['breaking', 'warning', 'note'];

/** One line for each change, and a count. */
export const describeChanges = (changes: readonly Change[]): string => {
  const lines = changes.map(({ level, route, text }) =>
    [level.padEnd(8), route, text].filter((part) => part !== '').join('  '),
  );
  const breaking = changes.filter(({ level }) => level === 'breaking').length;
  return [...lines, `${breaking} breaking, ${changes.length - breaking} other`].join('\n');
};
