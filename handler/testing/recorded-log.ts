import type { Log, LogFields } from '../src/telemetry/logger.ts';

export interface RecordedLog {
  readonly log: Log;
  readonly lines: Array<{ level: string; message: string } & LogFields>;
  /** Why the last request was refused, as its line says. */
  readonly lastNote: () => unknown;
}

/** A log that keeps its lines. */
export const recordLog = (): RecordedLog => {
  const lines: RecordedLog['lines'] = [];
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, ...fields });
  return {
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    lines,
    lastNote: () => {
      const line = lines.findLast(({ message }) => message === 'request');
      return (line as { error?: { note?: string } } | undefined)?.error?.note;
    },
  };
};
