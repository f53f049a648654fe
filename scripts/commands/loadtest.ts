import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { flag } from '../stack/command-line/arguments.ts';
import { compileOwnContract } from '../stack/build/built-contract.ts';
import { packageFolder, reportsFolder } from '../stack/command-line/folders.ts';
import { note, step } from '../stack/command-line/step.ts';
import { spelledOut } from '../stack/environments/environment.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { loadTestArguments } from '../operations/k6/arguments.ts';
import { servingHealthPath } from '../operations/contract/serving-routes.ts';
import { checkHealth, findK6, runK6 } from '../operations/k6/run-k6.ts';
import { contractTraffic } from '../operations/k6/contract-traffic.ts';
import { describeFigures } from '../operations/k6/describe-figures.ts';
import { figuresOf } from '../operations/k6/figures.ts';
import { loadReport } from '../operations/k6/load-report.ts';
import { openSessions } from '../operations/sessions/open-sessions.ts';
import { readDeployment } from '../stack/terraform/deployment.ts';

const scenarioFolder = join(packageFolder, 'load-test', 'scenarios');
const jsonReport = join(reportsFolder, 'loadtest.json');
const htmlReport = join(reportsFolder, 'loadtest.html');
const k6Report = join(reportsFolder, 'loadtest-k6.html');

await environmentCommand('loadtest', async (environment, args) => {
  const scenarios = readdirSync(scenarioFolder)
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'gameday'); // It needs faults: `make gameday`.
  const { scenario, duration, lifetimeSeconds } = loadTestArguments(args, environment, scenarios);
  const deployment = await step('read the outputs', () => readDeployment(environment));
  const { baseUrl } = deployment;
  await step('reach the gateway', async () =>
    checkHealth(
      baseUrl + (await servingHealthPath(environment)),
      `make deploy ${spelledOut(environment)}`,
    ),
  );
  const k6 = await findK6();

  mkdirSync(reportsFolder, { recursive: true });
  for (const report of [jsonReport, htmlReport, k6Report]) rmSync(report, { force: true });
  const built = await compileOwnContract();
  const when = new Date().toISOString();
  const { input, leftOut, signOut } = await step('sign the users in', async () =>
    contractTraffic(built, await openSessions(environment, deployment), lifetimeSeconds),
  );
  for (const text of leftOut) note(text);
  note(`k6 runs ${scenario}; its thresholds are the verdict`);
  const { exitCode, summary, samples } = await runK6({
    k6,
    scenarioFile: join(scenarioFolder, `${scenario}.ts`),
    input: { ...input, baseUrl, ...(duration && { duration }) },
    htmlReport: k6Report,
  }).finally(() => step('sign the users out', signOut));

  const figures = figuresOf({ scenario, env: environment.name, base_url: baseUrl, when }, summary);
  writeFileSync(jsonReport, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(htmlReport, loadReport(figures, samples));
  if (flag(args.JSON, 'JSON')) {
    console.log(JSON.stringify(figures, undefined, 2));
  } else {
    for (const line of describeFigures(figures)) console.log(line);
    console.log(`${figures.verdict}  ${relative(process.cwd(), htmlReport)}`);
  }
  return figures.verdict === 'passed' ? exitCode : exitCode || 1;
});
