import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Measured } from './measured.ts';
import { putMeasured } from './put-measured.ts';

const minuteMs = 60_000;
/** CloudWatch accepts metrics of the last two weeks. */
const longestAgoMs = 13 * 24 * 60 * minuteMs;

interface Where {
  readonly cloudWatch: CloudWatchClient;
  readonly apiId: string;
  readonly stageName: string;
}

/** A range of minutes in the past for which metrics are sent to CloudWatch one after another. */
export interface Timeline {
  /** Sends these metrics for each of the next `minutes`. */
  readonly send: (parts: readonly Measured[], minutes: number) => Promise<void>;
}

/** Throws if the last two weeks have no range left without metrics. */
export const createTimeline = async (where: Where, minutes: number): Promise<Timeline> => {
  let atMs = await findFreeStretch(where, minutes * minuteMs);
  return {
    send: async (parts, count) => {
      const times = Array.from({ length: count }, (_, index) => atMs + index * minuteMs);
      await putMeasured(where.cloudWatch, parts, times);
      atMs += count * minuteMs;
    },
  };
};

const findFreeStretch = async (where: Where, lengthMs: number): Promise<number> => {
  const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  for (let beginMs = nowMs - lengthMs; beginMs > nowMs - longestAgoMs; beginMs -= lengthMs) {
    if (await isFree(where, beginMs, beginMs + lengthMs)) return beginMs;
  }
  throw new Error(
    'The last two weeks have no range left without metrics. Remove the stack and deploy it again.',
  );
};

const isFree = async (
  { cloudWatch, apiId, stageName }: Where,
  fromMs: number,
  untilMs: number,
): Promise<boolean> => {
  const { Datapoints: points = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Count',
      Dimensions: [
        { Name: 'ApiId', Value: apiId },
        { Name: 'Stage', Value: stageName },
      ],
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      Period: 3_600,
      Statistics: ['SampleCount'],
    }),
  );
  return points.length === 0;
};
