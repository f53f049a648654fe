import type { Log, LogFields } from '../../handler/src/telemetry/logger.ts';
import { describeLogLine } from '../operations/logs/describe-log-line.ts';

interface Dependencies {
  readonly print: (text: string) => void;
  readonly now: () => number;
}

/** The gateway's log as `make logs` shows it. */
export const readableLog = ({ print, now }: Dependencies): Log => {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const line = describeLogLine(JSON.stringify({ level, message, ...fields }), now());
      if (line !== undefined) print(line);
    };
  return { info: write('INFO'), warn: write('WARN'), error: write('ERROR') };
};
