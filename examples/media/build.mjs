import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/** Each function with the packages that are files beside its bundle, because they load files. */
const functions = {
  // sharp loads its build in WebAssembly where it finds no other: one zip for arm64, x64 and every laptop.
  process: ['@img/sharp-wasm32', '@emnapi/runtime', 'tslib'],
  images: [],
};
const folder = '.postern/functions';

// The AWS SDK is bundled as well: in the version of package.json, and less to load than the one of the runtime.
const { outputFiles } = await build({
  entryPoints: Object.keys(functions).map((name) => `src/${name}.ts`),
  outdir: folder,
  write: false,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // For packages that are CommonJS.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
});

mkdirSync(folder, { recursive: true });
for (const [index, [name, packages]] of Object.entries(functions).entries()) {
  const files = Object.fromEntries(packages.flatMap((each) => filesOf(`node_modules/${each}`)));
  files['index.mjs'] = outputFiles[index].contents;
  // The same code gives the same zip, so that Terraform changes only what has changed.
  const zip = zipSync(files, { mtime: new Date(1980, 0, 1) });
  writeFileSync(join(folder, `${name}.zip`), zip);
  console.log(`${name.padEnd(8)} ${String(Math.ceil(zip.length / 1024)).padStart(4)} KiB`);
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.([cm]?js|json|wasm)$/.test(name))
    .toSorted()
    .map((name) => join(folder, name))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(path)]);
}
