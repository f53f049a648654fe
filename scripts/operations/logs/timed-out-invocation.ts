import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

export interface TimedOutInvocation {
  /** Lambda's own id of the invocation, which is not API Gateway's of the request. */
  readonly requestId: string;
  readonly seconds: number | undefined;
}

/** Lambda's line for an invocation that it ended at the time limit, as text or JSON. Undefined for any other line. */
export const timedOutInvocation = (message: string): TimedOutInvocation | undefined => {
  const [, requestId, seconds] = inText.exec(message) ?? [];
  if (requestId !== undefined) return { requestId, seconds: Number(seconds) };
  if (!message.includes('"timeout"')) return undefined;
  const { type, record } = parsed(message);
  // `platform.runtimeDone` reports the same earlier, but only at level DEBUG.
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

/** The maximum time between the API's line, written after its response, and Lambda's. */
const aroundMs = 120_000;

/**
 * API Gateway's id of the request that an invocation served, by the API's access log: where Lambda ended the function, no
 * line of the function's own has it. Undefined where that log is off (`api_access_log`) or has no such line yet.
 */
export const requestOfInvocation = async (
  client: CloudWatchLogsClient,
  functionName: string,
  { invocationId, timestampMs }: { readonly invocationId: string; readonly timestampMs: number },
): Promise<string | undefined> => {
  const search = {
    logGroupName: `/aws/vendedlogs/http-api/${functionName}`,
    filterPattern: `{ $.invocation_id = "${invocationId}" }`,
    startTime: timestampMs - aroundMs,
    endTime: timestampMs + aroundMs,
  };
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, search)) {
      const [event] = events;
      if (event !== undefined) return requestIdIn(event.message);
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return undefined;
};

const requestIdIn = (message = '{}'): string | undefined => {
  const { correlation_id: requestId } = JSON.parse(message) as {
    readonly correlation_id?: unknown;
  };
  return typeof requestId === 'string' ? requestId : undefined;
};
