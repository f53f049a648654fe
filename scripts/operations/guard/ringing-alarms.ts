import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';

/** The maximum of names in one call of DescribeAlarms. */
const mostNames = 100;

/** Finds those of the named alarms that ring. */
export const ringingAlarms = (
  environment: Environment,
  region: string,
  names: readonly string[],
): (() => Promise<readonly string[]>) => {
  const client = new CloudWatchClient(awsClientOptions(environment, region));
  return async () => {
    const ringing: string[] = [];
    for (let start = 0; start < names.length; start += mostNames) {
      const pages = paginateDescribeAlarms(
        { client },
        {
          AlarmNames: names.slice(start, start + mostNames),
          // Left out, composite alarms would be, too.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          StateValue: 'ALARM',
        },
      );
      for await (const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } of pages) {
        ringing.push(...[...metric, ...composite].map(({ AlarmName: name = '' }) => name));
      }
    }
    return ringing;
  };
};
