import { examplePlaces, ownPlaces } from '../stack/build/build-places.ts';
import { command } from '../stack/command-line/command.ts';
import { writeContract } from '../stack/build/write-contract.ts';

/**
 * Compiles `handler/gateway.yaml` without building the zip, and the example of the tests: types, tests and editors need
 * the result.
 */
await command('compile-contract', async () => {
  const { warnings } = await writeContract(ownPlaces);
  for (const warning of warnings) console.error(warning);
  await writeContract(examplePlaces);
});
