import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const functions = ['place', 'status', 'stock', 'payment', 'shipment', 'report'];
const folder = '.postern/functions';

// The AWS SDK is bundled as well: in the version of package.json, and less to load than the one of the runtime.
const { outputFiles } = await build({
  entryPoints: functions.map((name) => `src/${name}.ts`),
  outdir: folder,
  write: false,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  logLevel: 'warning',
});

mkdirSync(folder, { recursive: true });
for (const [index, name] of functions.entries()) {
  // The same code gives the same zip, so that Terraform changes only what has changed.
  const zip = zipSync({ 'index.js': outputFiles[index].contents }, { mtime: new Date(1980, 0, 1) });
  writeFileSync(join(folder, `${name}.zip`), zip);
  console.log(`${name.padEnd(8)} ${String(Math.ceil(zip.length / 1024)).padStart(4)} KiB`);
}
