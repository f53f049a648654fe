import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Measured } from './measured.ts';
import { putMeasured } from './put-measured.ts';

const minuteMs = 60_000;
/** CloudWatch takes metrics of the last two weeks. */
const longestAgoMs = 13 * 24 * 60 * minuteMs;

interface Where {
  readonly cloudWatch: CloudWatchClient;
  readonly apiId: string;
  readonly stageName: string;
}

/** A time of its own, in the past, in which minutes are told to CloudWatch as if they followed each other. */
export interface Timeline {
  /** Lets so many minutes pass, in each of which this was measured. */
  readonly tell: (parts: readonly Measured[], minutes: number) => Promise<void>;
}

/** Throws where the last two weeks have no stretch left about which nothing was told yet. */
export const createTimeline = async (where: Where, minutes: number): Promise<Timeline> => {
  let atMs = await findFreeStretch(where, minutes * minuteMs);
  return {
    tell: async (parts, count) => {
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
  throw new Error('The last two weeks are full of told days: remove the stack and deploy it anew.');
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
