import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CommandError } from '../stack/command-line/command-error.ts';
import { projectFolder, reportsFolder, workFolder } from '../stack/command-line/folders.ts';
import { note } from '../stack/command-line/step.ts';
import { type Drill, follow, type Rehearsal, rehearse } from '../lab/drill/rehearse.ts';
import { type DrillStack, newDrillStack, removeDrillStack } from '../lab/drill/drill-stack.ts';
import { drills } from '../lab/drill/drills.ts';
import { readRunbook } from '../lab/drill/runbook.ts';
import { environmentCommand } from '../stack/environments/environment-command.ts';
import { withEnvironmentLock } from '../stack/environments/environment-lock.ts';

const reportFile = join(reportsFolder, 'drill.json');

/** Tests the runbooks on a temporary stack, and reports how long each took. */
await environmentCommand('drill', async (environment, args) => {
  if (environment.local === undefined) throw refusal(environment.name);
  const chosen = choose(args.ONLY);
  return withEnvironmentLock(join(workFolder, 'drill-stack'), async () => {
    const stack = await newDrillStack();
    try {
      return conclude(await rehearseAll(chosen, stack));
    } finally {
      await removeDrillStack(stack);
    }
  });
});

/** The stack is made as a lost one is made again. After a failure nothing is sure, and the rest is not run. */
async function rehearseAll(
  chosen: readonly Drill[],
  stack: DrillStack,
): Promise<readonly Rehearsal[]> {
  note('The drill works on what is committed, in a checkout and a stack of its own.');
  await follow({
    runbook: readRunbook('rebuild'),
    drill: { reads: {} },
    stack,
    values: { repository: projectFolder },
  });
  const rehearsals: Rehearsal[] = [];
  for (const drill of chosen) {
    const rehearsal = await rehearse(drill, stack);
    rehearsals.push(rehearsal);
    if (rehearsal.verdict === 'failed') break;
  }
  return rehearsals;
}

function conclude(rehearsals: readonly Rehearsal[]): number {
  const failures = rehearsals.filter(({ verdict }) => verdict === 'failed');
  const verdict = failures.length === 0 ? 'passed' : 'failed';
  mkdirSync(join(reportFile, '..'), { recursive: true });
  const report = { env: 'local', when: new Date().toISOString(), verdict, drills: rehearsals };
  writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  for (const { runbook, recovery_seconds: seconds, finding, ...rest } of rehearsals)
    console.log(
      `${rest.verdict}  ${runbook.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s  ${finding}`,
    );
  console.log(`${verdict}  ${relative(process.cwd(), reportFile)}`);
  return failures.length === 0 ? 0 : 1;
}

function choose(only: string | undefined): readonly Drill[] {
  const chosen = drills.filter(({ runbook }) => only === undefined || runbook === only);
  if (chosen.length > 0) return chosen;
  const names = drills.map(({ runbook }) => runbook).join(', ');
  throw new CommandError(`There is no drill "${only}". There are: ${names}.`);
}

function refusal(name: string): CommandError {
  return new CommandError(
    `A drill breaks what it works on, so it runs on a local stack of its own: make drill ENV=local\n` +
      `What is safe in ${name}, as it changes nothing that is in use: make state ENV=${name}, ` +
      `make unlock ENV=${name}, make restore-sessions ENV=${name} AT=… (it makes a table that costs until you delete it).`,
  );
}
