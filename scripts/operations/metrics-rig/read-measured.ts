import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { emfMetrics } from './emf-metrics.ts';
import { type Measured, merged } from './measured.ts';
import { logMetrics, type ServiceNames, serviceMetrics } from './service-metrics.ts';

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The metrics of the function's log lines in a span of time, by minute (epoch ms). */
export const readMeasured = async (
  client: CloudWatchLogsClient,
  names: ServiceNames,
  { fromMs, untilMs }: Span,
): Promise<ReadonlyMap<number, readonly Measured[]>> => {
  const byMinute = new Map<number, Measured[]>();
  for await (const { events = [] } of paginateFilterLogEvents(
    { client },
    { logGroupName: names.logGroupName, startTime: fromMs, endTime: untilMs },
  )) {
    for (const event of events) {
      const minute = Math.floor((event.timestamp ?? 0) / 60_000) * 60_000;
      const earlier = byMinute.get(minute) ?? [];
      byMinute.set(minute, [...merged([...earlier, ...measuredBy(event, names)])]);
    }
  }
  return byMinute;
};

const measuredBy = ({ message = '' }: FilteredLogEvent, names: ServiceNames) => {
  const line = fieldsOf(message);
  return [...emfMetrics(line), ...serviceMetrics(line, names), ...logMetrics(message, names)];
};

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
};
