import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

/** How far the API's line, written when it has answered, may be from Lambda's. */
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
