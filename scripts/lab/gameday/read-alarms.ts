import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';

/** The alarms that are on, by their names without the environment's. */
export const alarmsThatAreOn = async (
  client: CloudWatchClient,
  prefix: string,
): Promise<ReadonlySet<string>> => {
  const on = new Set<string>();
  const pages = paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  );
  for await (const { MetricAlarms: simple = [], CompositeAlarms: composite = [] } of pages) {
    for (const { AlarmName: name = '', StateValue: state } of [...simple, ...composite])
      if (state === 'ALARM') on.add(name.slice(prefix.length));
  }
  return on;
};
