import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const folder = '.postern/functions';

// sharp loads its build in WebAssembly where it finds no other: one zip for arm64, x64 and every laptop.
const functions = {
  process: ['@img/sharp-wasm32', '@emnapi/runtime', 'tslib'],
  images: [],
};

mkdirSync(folder, { recursive: true });
for (const [name, packages] of Object.entries(functions)) {
  const { outputFiles } = await build({
    entryPoints: [`src/${name}.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    // For packages that are CommonJS.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
  const files = { 'index.mjs': outputFiles[0].contents };
  for (const each of packages) addFolder(files, join('node_modules', each));
  // The same files give the same zip, which Terraform then leaves alone.
  const zip = zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
  writeFileSync(`${folder}/${name}.zip`, zip);
  console.log(`${folder}/${name}.zip ${Math.round(zip.length / 1024)} KiB`);
}

function addFolder(files, folder) {
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) addFolder(files, path);
    else if (/\.([cm]?js|json|wasm)$/.test(name))
      files[path.replaceAll('\\', '/')] = readFileSync(path);
  }
}
