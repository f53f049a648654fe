import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from '@jest/globals';
import type { DashboardBody } from '../../scripts/operations/observability/dashboard-body.ts';
import {
  metricsOfAlarm,
  metricsOfDashboard,
  unknownMetrics,
} from '../../scripts/operations/observability/metrics-read.ts';
import { cloudWatch } from './alarm-stage.ts';
import { deployment } from './stack.ts';

describe('what is deployed', () => {
  it('has no alarm on a metric that is never emitted', async () => {
    const { MetricAlarms: alarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: deployment.functionName, MaxRecords: 100 }),
    );
    const read = alarms.map(metricsOfAlarm);
    expect(read.filter((metrics) => metrics.length === 0)).toEqual([]);
    expect(unknownMetrics(read.flat())).toEqual([]);
  });

  it('has no graph of a metric that is never emitted', async () => {
    const { DashboardBody: body = '{}' } = await cloudWatch.send(
      new GetDashboardCommand({ DashboardName: deployment.dashboardName }),
    );
    const read = metricsOfDashboard(JSON.parse(body) as DashboardBody);
    expect(read.length).toBeGreaterThan(40);
    expect(unknownMetrics(read)).toEqual([]);
  });
});
