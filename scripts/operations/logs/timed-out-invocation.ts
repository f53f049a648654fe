export interface TimedOutInvocation {
  /** Lambda's own id of the invocation, which is not API Gateway's of the request. */
  readonly requestId: string;
  readonly seconds: number | undefined;
}

/** What Lambda says of an invocation that it ended at the time limit, in its text format or in JSON; undefined for any other line. */
export const timedOutInvocation = (message: string): TimedOutInvocation | undefined => {
  const [, requestId, seconds] = inText.exec(message) ?? [];
  if (requestId !== undefined) return { requestId, seconds: Number(seconds) };
  if (!message.includes('"timeout"')) return undefined;
  const { type, record } = parsed(message);
  // `platform.runtimeDone` says the same before, where it is logged at all (at DEBUG).
  if (type !== 'platform.report' || record?.status !== 'timeout') return undefined;
  const { durationMs } = record.metrics ?? {};
  return {
    requestId: String(record.requestId),
    seconds: durationMs === undefined ? undefined : Math.round(durationMs / 10) / 100,
  };
};

/** From the line's beginning: a request's path may say the same. */
const inText =
  /^(?:[\dT:.Z-]+ )?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}) Task timed out after ([\d.]+) seconds/;

interface PlatformLine {
  readonly type?: unknown;
  readonly record?: {
    readonly requestId?: unknown;
    readonly status?: unknown;
    readonly metrics?: { readonly durationMs?: number };
  };
}

const parsed = (message: string): PlatformLine => {
  try {
    return { ...(JSON.parse(message) as object) };
  } catch {
    return {};
  }
};
