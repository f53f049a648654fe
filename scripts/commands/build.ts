import { relative } from 'node:path';
import { buildPlaces } from '../stack/build/build-places.ts';
import { buildZip } from '../stack/build/build-zip.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

await command([], async () => {
  const { path, bytes, sha256 } = await buildZip(buildPlaces);
  console.log(`${relative(projectFolder, path)}  ${bytes} bytes  sha256:${sha256}`);
});
