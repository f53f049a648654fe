import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { putMeasured } from '../metrics-rig/put-measured.ts';
import { readMeasured } from '../metrics-rig/read-measured.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';

const lookBackMs = 60 * 60_000;

/** The emulator makes no metrics from the log: sends it those of the log lines since the last call, at most one hour. */
export const feedMetrics = async (
  environment: Environment,
  deployment: Deployment,
): Promise<void> => {
  const options = awsClientOptions(environment, deployment.region);
  const file = join(environment.folder, 'metrics-fed-until');
  const untilMs = Date.now();
  const fedMs = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const fromMs = Math.max(fedMs, untilMs - lookBackMs);
  const logs = new CloudWatchLogsClient(options);
  const byMinute = await readMeasured(logs, deployment, { fromMs, untilMs: untilMs - 1 });
  const cloudWatch = new CloudWatchClient(options);
  for (const [minuteMs, parts] of [...byMinute].sort(([a], [b]) => a - b)) {
    await putMeasured(cloudWatch, parts, [minuteMs]);
  }
  writeFileSync(file, String(untilMs));
};
