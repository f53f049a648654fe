import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { command } from './command-line/command.ts';
import { projectFolder } from './command-line/folders.ts';
import { note, step } from './command-line/step.ts';
import { awsClientOptions } from './environments/aws-client.ts';
import { confirm } from './environments/confirm.ts';
import { readEnvironment, spelledOut } from './environments/environment.ts';
import { faultDesk } from './faults/fault-desk.ts';
import { contractRoutes } from './faults/fault-request.ts';
import { readGameDayArguments } from './gameday/gameday-arguments.ts';
import { judge, type PhaseFinding } from './gameday/judge.ts';
import { planPhases } from './gameday/plan-phases.ts';
import { parseSamples } from './gameday/read-samples.ts';
import { reportHtml } from './gameday/report-html.ts';
import { switchFaults } from './gameday/switch-faults.ts';
import { watchAlarms } from './gameday/watch-alarms.ts';
import { checkHealth } from './k6/check-health.ts';
import { contractLimits } from './k6/contract-limits.ts';
import { figuresOf } from './k6/figures.ts';
import { findK6 } from './k6/find-k6.ts';
import { runK6 } from './k6/run-k6.ts';
import { sessionDesk } from './k6/session-desk.ts';
import { signInUsers } from './k6/sign-in-users.ts';
import { readDeployment } from './terraform/deployment.ts';

const reportFolder = join(projectFolder, 'reports');
const reports = {
  json: join(reportFolder, 'gameday.json'),
  html: join(reportFolder, 'gameday.html'),
  k6: join(reportFolder, 'gameday-k6.html'),
  samples: join(reportFolder, 'gameday.csv'),
};

/** k6 compiles its script, and the function's environments start. */
const leadMs = 5_000;
const perSecond = 12;

/** Injects one fault after the other under steady traffic, and judges what users met during and after each. */
await command(async () => {
  const environment = readEnvironment();
  const { kinds, timing } = readGameDayArguments(process.env);
  const k6 = await findK6();
  const deployment = await step('read the outputs', () => readDeployment(environment));
  const { baseUrl, region, functionName } = deployment;
  const desk = await faultDesk(environment, deployment);
  await confirm(environment, 'inject faults into requests of');
  await step('reach the gateway', () =>
    checkHealth(baseUrl, `make deploy ${spelledOut(environment)}`),
  );
  mkdirSync(reportFolder, { recursive: true });
  for (const report of Object.values(reports)) rmSync(report, { force: true });
  const sessions = await sessionDesk(environment, deployment);
  const { members, admin, signOut } = await step('sign the users in', () =>
    signInUsers(sessions, 7_200),
  );

  const when = new Date().toISOString();
  const phases = planPhases(kinds, timing, Date.now() + leadMs);
  note(`faults: ${kinds.join(', ')}; it takes ${secondsOf(phases)} s`);
  const day = new AbortController();
  const client = new CloudWatchClient(awsClientOptions(environment, region));
  const alarms = watchAlarms(client, `${functionName}-`, day.signal);
  const switching = switchFaults(desk, phases, contractRoutes(), day.signal);
  switching.catch(() => undefined);
  const { summary } = await runK6({
    k6,
    scenarioFile: join(projectFolder, 'load-test', 'scenarios', 'gameday.ts'),
    input: {
      baseUrl,
      members,
      admin,
      rateLimits: contractLimits(),
      gameDay: { phases, perSecond },
    },
    htmlReport: reports.k6,
    samplesFile: reports.samples,
  }).finally(async () => {
    day.abort();
    await desk.switchOff();
    await step('sign the users out', signOut);
  });
  await switching;

  const figures = figuresOf(
    { scenario: 'gameday', env: environment.name, base_url: baseUrl, when },
    summary,
  );
  const samples = parseSamples(readFileSync(reports.samples, 'utf8'));
  const findings = judge(phases, samples, figures);
  const verdict = findings.every((finding) => finding.verdict === 'passed') ? 'passed' : 'failed';
  const report = {
    env: environment.name,
    when,
    verdict,
    phases: findings,
    alarms: await alarms,
  } as const;
  writeFileSync(reports.json, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(reports.html, reportHtml(report, phases, samples));
  for (const finding of findings) console.log(describe(finding));
  console.log(`${verdict}  ${relative(process.cwd(), reports.html)}`);
  return verdict === 'passed' ? 0 : 1;
});

function secondsOf(phases: ReturnType<typeof planPhases>): number {
  return ((phases.at(-1)?.endsAtMs ?? 0) - (phases[0]?.startsAtMs ?? 0)) / 1000;
}

function describe({ phase, verdict, requests, statuses, ...finding }: PhaseFinding): string {
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  const recovery =
    finding.recovery_seconds === undefined ? '' : `  recovered after ${finding.recovery_seconds} s`;
  const crossed = finding.thresholds.filter(({ ok }) => !ok).map(({ condition }) => condition);
  return (
    `${verdict}  ${phase.padEnd(22)} ${String(requests).padStart(5)} requests  ` +
    `p95 ${String(finding.p95_ms).padStart(5)} ms  ${answers.join(', ')}${recovery}` +
    (crossed.length > 0 ? `  crossed: ${crossed.join('; ')}` : '')
  );
}
