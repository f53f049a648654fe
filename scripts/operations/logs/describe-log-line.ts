import { timedOutInvocation } from './timed-out-invocation.ts';

/**
 * One line of the function's log for people; undefined for lines that only machines read (metrics, Lambda's own lines).
 */
export const describeLogLine = (message: string, timestampMs: number): string | undefined => {
  const text = message.trimEnd();
  if (text === '' || /^(START|END|REPORT|INIT_START|INIT_REPORT) /.test(text)) return undefined;
  const time = new Date(timestampMs).toISOString().slice(11, 23);
  const timedOut = timedOutInvocation(text);
  if (timedOut !== undefined) {
    const { seconds, requestId } = timedOut;
    const after = seconds === undefined ? '' : ` after ${seconds} s`;
    return printable(
      `${time} ERROR Task timed out${after}: Lambda ended invocation ${requestId}, whose request has no line of its own`,
    );
  }
  const fields = fieldsOf(text);
  if (fields === undefined) return printable(`${time} ${text}`);
  if ('_aws' in fields || isUneventful(fields)) return undefined;
  const line = fields['message'] === 'request' ? describeRequest(fields) : describeOther(fields);
  return printable(`${time} ${word(fields['level']).padEnd(5)} ${line}`);
};

/** One line of the log for programs: a JSON object, also where Lambda or a plugin wrote a text. */
export const jsonLine = (message: string, timestampMs: number): string => {
  const text = message.trimEnd();
  const fields = fieldsOf(text) ?? {
    message: text,
    timestamp: new Date(timestampMs).toISOString(),
  };
  return JSON.stringify(fields);
};

/** Lambda's own lines in JSON, but those of a failure. */
const isUneventful = ({ type, record }: Fields): boolean =>
  typeof type === 'string' &&
  type.startsWith('platform.') &&
  ((record as { status?: unknown } | undefined)?.status ?? 'success') === 'success';

type Fields = Readonly<Record<string, unknown>>;

const describeRequest = ({
  status_code,
  method,
  path,
  duration_ms,
  upstream,
  upstream_ms,
  user_id,
  correlation_id,
  error_code,
  error,
  limiter_error,
  cold_start,
}: Fields): string =>
  [
    word(status_code),
    `${word(method)} ${word(path)}`.padEnd(44),
    milliseconds(duration_ms).padStart(8),
    (upstream === undefined ? '-' : `${word(upstream)} ${milliseconds(upstream_ms)}`).padEnd(18),
    word(user_id).padEnd(12),
    word(correlation_id),
    error_code === undefined ? undefined : word(error_code),
    cold_start === true ? 'cold start' : undefined,
    error === undefined ? undefined : JSON.stringify(error),
    limiter_error === undefined ? undefined : `limit not known: ${JSON.stringify(limiter_error)}`,
  ]
    .filter((part) => part !== undefined)
    .join('  ');

const describeOther = ({
  message,
  level: _level,
  timestamp: _timestamp,
  ...rest
}: Fields): string =>
  [word(message), ...(Object.keys(rest).length > 0 ? [JSON.stringify(rest)] : [])].join('  ');

const milliseconds = (value: unknown): string =>
  typeof value === 'number' ? `${Math.round(value)} ms` : '-';

const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '-';

const fieldsOf = (text: string): Fields | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

/** A path is a client's own word: it must not move the cursor of the terminal it is read on. */
const printable = (line: string): string =>
  line.replace(/\p{Cc}/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
