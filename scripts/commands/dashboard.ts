import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
} from '@aws-sdk/client-cloudwatch';
import { CommandError } from '../stack/command-line/command-error.ts';
import { duration } from '../stack/command-line/arguments.ts';
import { projectFolder, reportsFolder } from '../stack/command-line/folders.ts';
import { drawPage } from '../operations/dashboard/draw-page.ts';
import { feedMetrics } from '../operations/dashboard/feed-metrics.ts';
import { readGraph } from '../operations/dashboard/read-graph.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { spelledOut } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import type { DashboardBody } from '../operations/observability/dashboard-body.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const minuteMs = 60_000;

await environmentCommand('dashboard', async (environment, args) => {
  const usualSpanMs = duration(args.SPAN, 'SPAN', { usual: '1h', least: '5m', most: '24h' });
  const deployment = await readDeployment(environment);
  const { functionName: name, dashboardName } = deployment;
  if (dashboardName === undefined)
    throw new CommandError(
      `${environment.name} is deployed without a dashboard. Remove \`dashboard\` from ` +
        `${environment.settings === undefined ? '' : 'its operations in '}` +
        `${relative(projectFolder, environment.variablesFile)}, then: make deploy ${spelledOut(environment)}`,
    );
  const client = new CloudWatchClient(awsClientOptions(environment, deployment.region));
  if (environment.local) await feedMetrics(environment, deployment);
  const { DashboardBody: body = '{}' } = await client.send(
    new GetDashboardCommand({ DashboardName: dashboardName }),
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
  mkdirSync(reportsFolder, { recursive: true });
  const file = join(reportsFolder, 'dashboard.html');
  writeFileSync(file, drawPage({ name, atMs: untilMs, graphs, alarms }));
  console.log(file);
});
