import { isNativeError } from 'node:util/types';
import { Logger, LogFormatter, LogItem, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/** One line of the log. Undefined fields are left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | object | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const upperCase = { info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** JSON lines on standard output through Powertools. Never throws: a lost line must not fail a request. */
export const createLog = (logLevel: keyof typeof LogLevelThreshold): Log => {
  surviveBrokenOutput();
  const logger = new Logger({ logLevel, logFormatter: new Lean() });
  const least = LogLevelThreshold[logLevel];
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      // Powertools puts Lambda's own filter above this level, and that one is left open for the metrics' lines.
      if (LogLevelThreshold[upperCase[level]] < least) return;
      try {
        logger[level](message, fields);
      } catch {
        // Standard output is closed.
      }
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
};

/**
 * A broken stream emits an error event some time after the failed write, and an error event without a listener ends the
 * process. Without this listener, a closed log pipe or a full disk would fail requests.
 */
const surviveBrokenOutput = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  }
};

const ignore = (): void => undefined;

/** Powertools' own format repeats the function's name, memory and ARN on every line, which CloudWatch bills by the byte. */
class Lean extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, fields: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        timestamp: base.timestamp.toISOString(),
        level: base.logLevel,
        message: base.message,
        ...fields,
      },
    });
  }
}

/**
 * The part of an error that may be logged: its kind and where it was thrown. Not its message: V8 and others quote their
 * input in it, which may be a token or a body.
 */
export const describeError = (error: unknown): object | undefined => {
  if (!isNativeError(error)) return error === undefined ? undefined : { name: typeof error };
  const { code, dialed } = error as { code?: unknown; dialed?: unknown };
  return {
    name: word(error.name),
    ...(typeof code === 'string' && { code: word(code) }),
    ...(typeof dialed === 'string' && { dialed }), // A host name from the configuration, and addresses.
    at: framesOf(error),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
};

/** A name or a code is one word; anything else may be user data. */
const word = (text: string): string => (/^\w{1,64}$/.test(text) ? text : 'unknown');

const maxFrames = 5;

/** A stack begins with the message, which may have lines that look like frames. */
const framesOf = ({ stack = '', message }: Error): readonly string[] =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .slice(1, maxFrames + 1)
    .map((line) => line.trim());
