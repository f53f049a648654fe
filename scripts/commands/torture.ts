import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { type Ended, runChecks } from '../lab/checks/check.ts';
import { type TorturePart, tortureParts } from '../lab/torture/parts.ts';
import { examplePlaces } from '../stack/build/build-places.ts';
import { writeContract } from '../stack/build/write-contract.ts';
import { number } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { reportsFolder } from '../stack/command-line/folders.ts';

const machine = { node: process.version, cores: availableParallelism() };

const reportFile = join(reportsFolder, 'torture.json');

/** Runs the parts one after another, because each may need the whole machine. */
await command('torture', async ({ PART, SEED, SCALE }) => {
  const anySeed = 1 + (Date.now() % (2 ** 31 - 1));
  const options = {
    seed: number(SEED, 'SEED', { usual: anySeed, least: 1, most: 2 ** 31, isWhole: true }),
    scale: number(SCALE, 'SCALE', { usual: 1, least: 0.001, most: 1_000 }),
  };
  const chosen = choose(PART);
  console.error(`  SEED=${options.seed} SCALE=${options.scale}`);
  await writeContract(examplePlaces);
  const at = new Date().toISOString();
  const parts: Ended[] = [];
  mkdirSync(reportsFolder, { recursive: true });
  const checks = chosen.map(({ name, run }) => ({ name, run: () => run(options) }));
  // After each part, so that an interrupted run keeps its results.
  const { passed, failed } = await runChecks(checks, 1, (ended) => {
    parts.push(ended);
    const report = { at, ...machine, ...options, parts };
    writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  });
  console.log(relative(process.cwd(), reportFile));
  console.log(`${passed + failed} cases, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

function choose(names: string | undefined): readonly TorturePart[] {
  if (names === undefined) return tortureParts;
  return names.split(',').map((name) => {
    const part = tortureParts.find((candidate) => candidate.name === name);
    if (part !== undefined) return part;
    const all = tortureParts.map((each) => each.name).join(', ');
    throw new CommandError(`There is no part ${name}. There are: ${all}`);
  });
}
