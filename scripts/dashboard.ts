import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { command } from './command-line/command.ts';
import { projectFolder } from './command-line/folders.ts';
import type { Graph } from './dashboard/draw-graph.ts';
import { drawPage } from './dashboard/draw-page.ts';
import { feedMetrics } from './dashboard/feed-metrics.ts';
import { graphQueries, spanMs } from './dashboard/graph-queries.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { readEnvironment } from './environments/environment.ts';
import type { DashboardBody, Widget } from './observability/dashboard-body.ts';
import { readDeployment } from './terraform/deployment.ts';

const usualSpanMs = 60 * 60_000;
const minuteMs = 60_000;

await command(async () => {
  const environment = readEnvironment();
  const deployment = await readDeployment(environment);
  const client = new CloudWatchClient(awsClientOptions(environment, deployment.region));
  if (environment.local) await feedMetrics(environment, deployment);
  const name = deployment.functionName;
  const { DashboardBody: body = '{}' } = await client.send(
    new GetDashboardCommand({ DashboardName: name }),
  );
  const { widgets } = JSON.parse(body) as DashboardBody;
  const untilMs = Math.ceil(Date.now() / minuteMs) * minuteMs;
  const graphs = await Promise.all(widgets.map((widget) => readGraph(client, widget, untilMs)));
  const { MetricAlarms: simple = [], CompositeAlarms: composite = [] } = await client.send(
    new DescribeAlarmsCommand({
      AlarmNamePrefix: `${name}-`,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    }),
  );
  const alarms = [...composite, ...simple].map(({ AlarmName = '', StateValue = '' }) => ({
    name: AlarmName.slice(name.length + 1),
    state: StateValue,
  }));
  const folder = join(projectFolder, 'reports');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'dashboard.html');
  writeFileSync(file, drawPage({ name, atMs: untilMs, graphs, alarms }));
  console.log(file);
});

async function readGraph(
  client: CloudWatchClient,
  widget: Widget,
  untilMs: number,
): Promise<Graph> {
  const fromMs = untilMs - spanMs(widget, usualSpanMs);
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: graphQueries(widget),
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      ScanBy: 'TimestampAscending',
    }),
  );
  const { title, yAxis, annotations } = widget.properties;
  return {
    title,
    unit: yAxis.left.label,
    fromMs,
    untilMs,
    lines: annotations.horizontal ?? [],
    curves: results.map(({ Label = '', Timestamps: times = [], Values: values = [] }) => ({
      label: Label,
      points: times.map((time, index) => ({
        atMs: new Date(time).getTime(),
        value: values[index] ?? 0,
      })),
    })),
  };
}
