import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBuiltContract } from '../../stack/build/built-contract.ts';
import { packageFolder, reportsFolder } from '../../stack/command-line/folders.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { contractTraffic } from '../k6/contract-traffic.ts';
import { figureOf, ruleOf } from '../k6/describe-threshold.ts';
import { figuresOf } from '../k6/figures.ts';
import { runK6 } from '../k6/run-k6.ts';
import { openSessions } from '../sessions/open-sessions.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { type StepFigures, Stopped } from '../guard/watch.ts';

const scenario = 'smoke';
const scenarioFile = join(packageFolder, 'load-test', 'scenarios', `${scenario}.ts`);

interface SmokeRun {
  readonly k6: string;
  readonly environment: Environment;
  readonly deployment: Deployment;
  /** Those that the versions read. */
  readonly sessionTables: readonly string[];
}

/** k6's smoke scenario through the alias, with separate users. A crossed threshold stops the release. */
export const smokeRun =
  ({ k6, environment, deployment, sessionTables }: SmokeRun) =>
  async (seconds: number, signal: AbortSignal): Promise<StepFigures> => {
    const { baseUrl } = deployment;
    const sessions = await openSessions(environment, deployment, sessionTables);
    const { input, signOut } = await contractTraffic(
      await readBuiltContract(),
      sessions,
      3600 + seconds,
    );
    mkdirSync(reportsFolder, { recursive: true });
    const { summary } = await runK6({
      k6,
      scenarioFile,
      input: { ...input, baseUrl, duration: `${seconds}s` },
      htmlReport: join(reportsFolder, 'release-smoke.html'),
      signal,
    }).finally(signOut);
    const run = { scenario, env: environment.name, base_url: baseUrl, when: '' };
    const figures = figuresOf(run, summary);
    if (figures.verdict === 'failed') throw new Stopped('smoke run', whatFailed(figures));
    const { requests, failed, p50_ms, p95_ms } = figures;
    return { requests, failed, p50_ms, p95_ms };
  };

const whatFailed = ({ checks, thresholds, requests }: ReturnType<typeof figuresOf>): string => {
  if (requests === 0) return 'The smoke run sent no request.';
  const crossed = thresholds
    .filter(({ ok }) => !ok)
    .map((threshold) => `${ruleOf(threshold)} (${figureOf(threshold)})`);
  const wrong = checks.filter(({ failed }) => failed > 0).map(({ name }) => name);
  return `The smoke run crossed its thresholds: ${crossed.join(' and ')}${wrong.length > 0 ? `: ${wrong.join('; ')}` : ''}.`;
};
