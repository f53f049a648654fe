import { relative } from 'node:path';
import { buildPlaces } from '../stack/build/build-places.ts';
import { type BundleParts, buildZip } from '../stack/build/build-zip.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import {
  type Environment,
  environmentArguments,
  readEnvironment,
} from '../stack/environments/environment.ts';
import { readVariables } from '../stack/terraform/read-variables.ts';

/** The zip of an environment has what its tfvars ask for; without `ENV`, it has none of the parts that are optional. */
await command(environmentArguments, async (args) => {
  const parts = args.ENV === undefined ? {} : await partsOf(readEnvironment(args));
  const { path, bytes, sha256 } = await buildZip(buildPlaces, parts);
  console.log(`${relative(projectFolder, path)}  ${bytes} bytes  sha256:${sha256}`);
});

async function partsOf(environment: Environment): Promise<Partial<BundleParts>> {
  const { fault_injection: faultInjection } = await readVariables(environment);
  return { faultInjection: faultInjection === true };
}
