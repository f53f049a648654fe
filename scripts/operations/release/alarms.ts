import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';

/** DescribeAlarms takes no more names in one call. */
const mostNames = 100;

/** Those of the named alarms that ring. */
export const ringingAlarms = async (
  cloudWatch: CloudWatchClient,
  names: readonly string[],
): Promise<readonly string[]> => {
  const ringing: string[] = [];
  for (let start = 0; start < names.length; start += mostNames) {
    const pages = paginateDescribeAlarms(
      { client: cloudWatch },
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
