import { relative } from 'node:path';
import { buildPlaces } from '../stack/build/build-places.ts';
import { buildZip } from '../stack/build/build-zip.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { note } from '../stack/command-line/step.ts';
import { buildFor } from '../stack/deployment/build-for.ts';
import { readEnvironment } from '../stack/environments/environment.ts';

/** The zip of an environment has the parts that its tfvars need. Without `ENV`, it has no optional parts. */
await command('build', async (args) => {
  const isFor = args.ENV !== undefined;
  const built = isFor ? await buildFor(readEnvironment(args)) : await buildZip(buildPlaces);
  if (!isFor) built.warnings.forEach(note);
  const { bytes, sha256 } = built;
  const path = relative(projectFolder, built.path);
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify({ path, bytes, sha256 })
      : `${path}  ${bytes} bytes  sha256:${sha256}`,
  );
});
