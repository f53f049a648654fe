import { resolve } from 'node:path';
import { compareContracts, describeChanges } from '../operations/contract/compare-contracts.ts';
import { contractInFile, deployedContract } from '../operations/contract/contract-to-compare.ts';
import { contractFileOf } from '../stack/build/contract-arguments.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { note } from '../stack/command-line/step.ts';
import { readEnvironment } from '../stack/environments/environment.ts';

/** Compares the contract with a file or with what is deployed. Exit code 2: a caller would notice a breaking change. */
await command('diff', async (args) => {
  const after = await contractInFile(contractFileOf(args));
  const before =
    args.AGAINST === undefined
      ? await deployedContract(readEnvironment(args))
      : await contractInFile(resolve(projectFolder, args.AGAINST));
  if (before.routes === undefined)
    note('Only the OpenAPI documents are compared: rate limits and targets of before are unknown.');
  const changes = await compareContracts(before, after);
  console.log(
    flag(args.JSON, 'JSON') ? JSON.stringify(changes, undefined, 2) : describeChanges(changes),
  );
  return changes.some(({ level }) => level === 'breaking') ? 2 : 0;
});
