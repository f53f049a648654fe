import { examplePlaces, ownPlaces } from './build/build-places.ts';
import { command } from './command-line/command.ts';
import { writeContract } from './contract/write-contract.ts';

/** Compiles `handler/gateway.yaml` without building the zip, and the tests' example: what types, tests and editors need. */
await command(async () => {
  for (const warning of await writeContract(ownPlaces)) console.error(warning);
  await writeContract(examplePlaces);
});
