import type { LoadTestInput, LoadTestSession, Read } from '../../../load-test/lib/input.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

const callers = 12;
const wellInARow = 4;
const patienceMs = 90_000;

/** As many calls at once as a slow service will need, until each has been answered in time a few times in a row. */
export const warmUp = async (
  baseUrl: string,
  { members, reads }: Pick<LoadTestInput, 'members' | 'reads'>,
): Promise<void> => {
  const [read] = reads;
  if (read === undefined) return;
  const deadline = Date.now() + patienceMs;
  const call = async (user: LoadTestSession): Promise<void> => {
    for (let well = 0; well < wellInARow;) {
      if (Date.now() > deadline)
        throw new CommandError(
          'The gateway is not well enough for a game day: it fails without a fault.',
        );
      well = (await isServedInTime(baseUrl, read, user)) ? well + 1 : 0;
    }
  };
  await Promise.all(members.slice(0, callers).map(call));
};

const isServedInTime = async (
  baseUrl: string,
  { path, headers }: Read,
  { token }: LoadTestSession,
): Promise<boolean> => {
  const startedAt = performance.now();
  const response = await fetch(`${baseUrl}${path}`, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  }).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true && performance.now() - startedAt < 1_000;
};
