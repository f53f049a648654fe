import { relative } from 'node:path';
import { buildPlaces } from './build/build-places.ts';
import { buildZip } from './build/build-zip.ts';
import { command } from './command-line/command.ts';
import { projectFolder } from './command-line/folders.ts';

await command(async () => {
  const { path, bytes, sha256 } = await buildZip(buildPlaces);
  console.log(`${relative(projectFolder, path)}  ${bytes} bytes  sha256:${sha256}`);
});
