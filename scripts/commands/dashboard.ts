import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { curveNames } from '../operations/dashboard/curve-names.ts';
import { drawPage } from '../operations/dashboard/draw-page.ts';
import { feedMetrics } from '../operations/dashboard/feed-metrics.ts';
import { graphQueries, spanMs } from '../operations/dashboard/graph-queries.ts';
import type { Graph } from '../operations/dashboard/graph.ts';
import { readSpan } from '../operations/dashboard/read-span.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';
import type { DashboardBody, Widget } from '../operations/observability/dashboard-body.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const minuteMs = 60_000;

await command([...environmentArguments, 'SPAN'], async (args) => {
  const environment = readEnvironment(args);
  const usualSpanMs = readSpan(args.SPAN);
  const deployment = await readDeployment(environment);
  const client = new CloudWatchClient(awsClientOptions(environment, deployment.region));
  if (environment.local) await feedMetrics(environment, deployment);
  const name = deployment.functionName;
  const { DashboardBody: body = '{}' } = await client.send(
    new GetDashboardCommand({ DashboardName: name }),
  );
  const { widgets } = JSON.parse(body) as DashboardBody;
  const untilMs = Math.ceil(Date.now() / minuteMs) * minuteMs;
  const graphs = await Promise.all(
    widgets.map((widget) => readGraph(client, widget, { untilMs, usualSpanMs })),
  );
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
  { untilMs, usualSpanMs }: { readonly untilMs: number; readonly usualSpanMs: number },
): Promise<Graph> {
  const { title, yAxis, annotations, period } = widget.properties;
  const periodMs = period * 1000;
  // A period that has begun before is told by its beginning.
  const fromMs = Math.floor((untilMs - spanMs(widget, usualSpanMs)) / periodMs) * periodMs;
  const queries = graphQueries(widget);
  const namesOf = curveNames(queries);
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(fromMs),
      EndTime: new Date(untilMs),
      ScanBy: 'TimestampAscending',
    }),
  );
  return {
    title,
    unit: yAxis.left.label,
    fromMs,
    untilMs,
    periodMs,
    lines: annotations.horizontal ?? [],
    curves: results.map((result) => ({
      ...namesOf(result),
      points: (result.Timestamps ?? []).map((time, index) => ({
        atMs: new Date(time).getTime(),
        value: result.Values?.[index] ?? 0,
      })),
    })),
  };
}
