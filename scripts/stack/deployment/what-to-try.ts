import type { BuiltContract } from '../build/built-contract.ts';
import { healthPath } from '../build/built-in-path.ts';
import { safeReads } from '../build/safe-reads.ts';

/** Commands for the first minutes, made from the contract: a route that is open, one that needs a session, and load. */
export const whatToTry = (built: BuiltContract, baseUrl: string, variables: string): string => {
  const { reads } = safeReads(built);
  const health = healthPath(built.contract.routes);
  const open = reads.find(({ isSignedIn }) => !isSignedIn)?.path ?? health;
  const signedIn = reads.find(({ isSignedIn }) => isSignedIn);
  const [needed = []] = signedIn?.alternatives ?? [];
  const roles = needed.length === 0 ? '' : ` ROLES=${needed.join(',')}`;
  const session = `make -s session ${variables} USER=alice${roles}`;
  return [
    '\nTry:',
    `  curl -i ${quoted(baseUrl + open)}`,
    ...(signedIn === undefined
      ? []
      : [
          `  curl -i -H "Authorization: Bearer $(${session})" ${quoted(baseUrl + signedIn.path)}`,
          `  make loadtest ${variables}`,
        ]),
  ].join('\n');
};

/** A query's `&` would end the command. */
const quoted = (url: string): string => (/^[\w:/.%~-]+$/.test(url) ? url : `'${url}'`);
