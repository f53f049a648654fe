import { CommandError } from '../../stack/command-line/command-error.ts';
import { durationMs } from '../../../handler/compiler/duration.ts';

const leastMs = 5 * 60_000;
const mostMs = 24 * 60 * 60_000;

/** `SPAN`: how far back the graphs look that have no span of their own. */
export const readSpan = (variables: Readonly<NodeJS.ProcessEnv>): number => {
  const text = variables['SPAN'] || '1h';
  const ms = durationMs(text);
  if (ms === undefined || ms < leastMs || ms > mostMs)
    throw new CommandError(`SPAN is "${text}"; it is from 5m to 24h.`);
  return ms;
};
