import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Phase } from '../../load-test/lib/gameday.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { compileOwnContract } from '../stack/build/built-contract.ts';
import { reportsFolder } from '../stack/command-line/folders.ts';
import { note, step } from '../stack/command-line/step.ts';
import { awsClientOptions } from '../stack/environments/aws-client.ts';
import { confirm } from '../stack/environments/confirm.ts';
import { spelledOut } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { faultControl } from '../operations/faults/fault-control.ts';
import { missingAlarms, replayAlarms, watchAlarms } from '../operations/gameday/alarm-log.ts';
import { describeDay } from '../operations/gameday/describe-day.ts';
import { readGameDayArguments } from '../operations/gameday/gameday-arguments.ts';
import { judge } from '../operations/gameday/judge.ts';
import { planPhases, targetOf } from '../operations/gameday/plan-phases.ts';
import { playDay, warmUp } from '../operations/gameday/play-day.ts';
import { type GameDayReport, reportHtml } from '../operations/gameday/report-html.ts';
import { contractTraffic } from '../operations/k6/contract-traffic.ts';
import { servingHealthPath } from '../operations/contract/serving-routes.ts';
import { checkHealth, findK6 } from '../operations/k6/run-k6.ts';
import { figuresOf } from '../operations/k6/figures.ts';
import { openSessions } from '../operations/sessions/open-sessions.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const reports = {
  json: join(reportsFolder, 'gameday.json'),
  html: join(reportsFolder, 'gameday.html'),
  k6: join(reportsFolder, 'gameday-k6.html'),
};

/** k6 compiles its script. */
const leadMs = 5_000;

/** Injects one fault after another under constant traffic, and evaluates what users saw during and after each. */
await environmentCommand('gameday', async (environment, args) => {
  const { kinds, timing, isLongEnoughForAlarms } = readGameDayArguments(args);
  const k6 = await findK6();
  const deployment = await step('read the outputs', () => readDeployment(environment));
  const { baseUrl, region, functionName } = deployment;
  const faults = await faultControl(environment, deployment);
  await confirm(environment, 'inject faults into requests of');
  await step('reach the gateway', async () =>
    checkHealth(
      baseUrl + (await servingHealthPath(environment)),
      `make deploy ${spelledOut(environment)}`,
    ),
  );
  mkdirSync(reportsFolder, { recursive: true });
  for (const report of Object.values(reports)) rmSync(report, { force: true });
  const sessions = await openSessions(environment, deployment);
  const built = await compileOwnContract();
  const traffic = await step('sign the users in', () => contractTraffic(built, sessions, 7_200));

  await step('warm up', () => warmUp(baseUrl, traffic.input));

  const when = new Date().toISOString();
  const target = targetOf(built.contract, traffic.input.reads);
  const phases = planPhases(target, kinds, timing, Date.now() + leadMs);
  note(`faults into ${target.upstream}: ${kinds.join(', ')}; duration: ${secondsOf(phases)} s`);
  const beside = new AbortController();
  const options = awsClientOptions(environment, region);
  const cloudWatch = new CloudWatchClient(options);
  const watching = environment.local
    ? undefined
    : watchAlarms(cloudWatch, `${functionName}-`, phases, beside.signal);
  watching?.catch(() => undefined); // The failure is seen where it is awaited below.
  const day = { k6, baseUrl, traffic, faults, phases, htmlReport: reports.k6 };
  const { summary, samples } = await playDay(day, beside);

  const run = { scenario: 'gameday', env: environment.name, base_url: baseUrl, when };
  const findings = judge(phases, samples, figuresOf(run, summary));
  const logs = new CloudWatchLogsClient(options);
  const alarms =
    (await watching) ??
    (await step('replay the metrics to the emulator’s alarms', () =>
      replayAlarms({ cloudWatch, logs, names: deployment }, phases),
    ));
  const missing = environment.local || isLongEnoughForAlarms ? missingAlarms(phases, alarms) : [];
  const isPassed = missing.length === 0 && findings.every(({ verdict }) => verdict === 'passed');
  const report: GameDayReport = {
    env: environment.name,
    when,
    verdict: isPassed ? 'passed' : 'failed',
    phases: findings,
    alarms,
    missing_alarms: missing,
  };
  writeFileSync(reports.json, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(reports.html, reportHtml(report, phases, samples));
  if (flag(args.JSON, 'JSON')) {
    console.log(JSON.stringify(report, undefined, 2));
  } else {
    for (const line of describeDay(report)) console.log(line);
    console.log(`${report.verdict}  ${relative(process.cwd(), reports.html)}`);
  }
  return isPassed ? 0 : 1;
});

function secondsOf(phases: readonly Phase[]): number {
  return ((phases.at(-1)?.endsAtMs ?? 0) - (phases[0]?.startsAtMs ?? 0)) / 1000;
}
