import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { examplePlaces } from '../stack/build/build-places.ts';
import { command } from '../stack/command-line/command.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { writeContract } from '../stack/build/write-contract.ts';
import { type PartReport, runParts, type TorturePart } from '../lab/torture/part.ts';

/** What the figures were seen on. */
const machine = { node: process.version, cores: availableParallelism() };

const reportFile = join(projectFolder, 'reports', 'torture.json');

await command(['PART', 'SEED', 'SCALE'], async ({ PART, SEED, SCALE }) => {
  const options = {
    seed: positive('SEED', SEED, Date.now() % 2 ** 31),
    scale: positive('SCALE', SCALE, 1),
  };
  console.error(`  SEED=${options.seed} SCALE=${options.scale}`);
  await writeContract(examplePlaces);
  // Only now: the parts load the contract that was just compiled.
  const { tortureParts } = await import('../lab/torture/parts.ts');
  const at = new Date().toISOString();
  const ended: PartReport[] = [];
  mkdirSync(join(projectFolder, 'reports'), { recursive: true });
  // After each part, so that an interrupted run keeps its results.
  const reports = await runParts(chosen(PART, tortureParts), options, (part) => {
    ended.push(part);
    const report = { at, ...machine, ...options, parts: ended };
    writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
    tell(part);
  });
  const failed = sum(reports.map((report) => report.failed));
  console.log(`\n${relative(process.cwd(), reportFile)}`);
  console.log(`${sum(reports.map(({ cases }) => cases))} cases, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

function chosen(names: string | undefined, parts: readonly TorturePart[]): readonly TorturePart[] {
  if (!names) return parts;
  return names.split(',').map((name) => {
    const part = parts.find((candidate) => candidate.name === name);
    if (part !== undefined) return part;
    throw new CommandError(
      `There is no part ${name}. There are: ${parts.map((one) => one.name).join(', ')}`,
    );
  });
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  if (!text) return otherwise;
  if (Number(text) > 0) return Number(text);
  throw new CommandError(`${name}=${text} is no number greater than 0.`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function tell({ name, cases, failed, seconds, detail, figures = {} }: PartReport): void {
  const mark = failed === 0 ? '✓' : '✗';
  const count = `${cases} cases, ${failed} failed`;
  console.log(
    `  ${mark} ${name.padEnd(24)} ${count.padEnd(30)} ${seconds.toFixed(1).padStart(7)} s`,
  );
  for (const [figure, value] of Object.entries(figures)) console.log(`      ${figure}: ${value}`);
  if (detail !== '') console.log(`\n${detail}\n`);
}
