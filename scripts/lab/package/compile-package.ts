import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import ts from 'typescript';
import { contractSchema } from '../../../handler/compiler/contract-schema.ts';
import * as parts from '../../../handler/compiler/parts.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { type CommandName, commands } from '../../stack/command-line/commands.ts';
import type { Declaration } from '../../stack/command-line/declaration.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { bundledPackageOf, bundlePackages, fromFolder } from './bundle-packages.ts';

export const distFolder = join(packageFolder, 'dist');
const packagesFolder = join(distFolder, 'packages');

/** What adopters import by the package's name. */
const publicModules = ['handler/plugin.ts', 'handler/plugin-testing.ts'];

/** Modules that are started by their file and not imported. */
const startedByFile = [
  'scripts/postern.ts',
  'scripts/dev/compiler-thread.ts',
  'scripts/stack/demo-upstreams/main.ts',
  'scripts/stack/mock-upstreams/main.ts',
];

/** What the local cloud runs on. */
const assets = /^(?!test_).*\.(py|txt)$/;
const localCloud = 'scripts/stack/local-cloud';

/**
 * Compiles each module of the package to JavaScript, to the same place in `dist`: the CLI with what its commands import,
 * and the handler, of which every build bundles what its contract uses. The handler and the compiler have source maps,
 * which are half of the package; the CLI is readable without. JSON becomes a part of the module that imports it.
 */
export const compilePackage = async (): Promise<void> => {
  const modules = await reachableFrom([
    ...publicModules,
    ...startedByFile,
    ...commandFiles(),
    ...sourcesIn('handler/src'),
  ]);
  rmSync(distFolder, { recursive: true, force: true });
  await bundlePackages({ modules, outdir: packagesFolder, options });
  const isMapped = (file: string): boolean => file.startsWith('handler/');
  for (const sourcemap of [true, false])
    await build({
      ...options,
      entryPoints: modules.filter((file) => isMapped(file) === sourcemap),
      outdir: distFolder,
      outbase: packageFolder,
      sourcemap,
      plugins: [besideEachOther, fromFolder(packagesFolder, distFolder)],
    });
  writeDeclarations();
  for (const file of readdirSync(join(packageFolder, localCloud)).filter((name) =>
    assets.test(name),
  ))
    cpSync(join(packageFolder, localCloud, file), join(distFolder, localCloud, file));
  writeFileSync(
    join(distFolder, 'gateway.schema.json'),
    `${JSON.stringify(contractSchema(parts), undefined, 2)}\n`,
  );
};

/** The types of the public modules, and of the modules that they name. */
const writeDeclarations = (): void => {
  const { options } = ts.parseJsonConfigFileContent(
    { extends: './tsconfig.json' },
    ts.sys,
    packageFolder,
  );
  const program = ts.createProgram(
    publicModules.map((file) => join(packageFolder, file)),
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: distFolder,
      rootDir: packageFolder,
    },
  );
  const emitted = new Map<string, string>();
  program.emit(undefined, (file, text) => emitted.set(file, text), undefined, true);
  const written = new Set<string>();
  const write = (file: string): void => {
    const text = emitted.get(file);
    if (text === undefined || written.has(file)) return;
    written.add(file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll(ownModule, '$1$2.js'));
    for (const [, , path = ''] of text.matchAll(ownModule))
      write(join(dirname(file), `${path}.d.ts`));
  };
  for (const file of publicModules) write(join(distFolder, file.replace(/\.ts$/, '.d.ts')));
};

const ownModule = /((?:from |import\()['"])(\.{1,2}\/[^'"]+)\.ts(?=['"])/g;

const options = {
  absWorkingDir: packageFolder,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  charset: 'utf8',
  logLevel: 'warning',
} as const satisfies BuildOptions;

const commandFiles = (): readonly string[] =>
  (Object.keys(commands) as CommandName[])
    .filter((name) => (commands[name] as Declaration).cli !== 'none')
    .map((name) => `scripts/commands/${name}.ts`);

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(join(packageFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
    .map((file) => join(folder, file));

const reachableFrom = async (entryPoints: readonly string[]): Promise<string[]> => {
  const { metafile } = await build({
    ...options,
    entryPoints: [...entryPoints],
    outdir: distFolder,
    write: false,
    metafile: true,
    external: ['*/generated/contract.js'],
  });
  requireDeclared(
    Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    ),
  );
  return Object.keys(metafile.inputs).filter((file) => file.endsWith('.ts'));
};

/** An adopter has the packages of `dependencies`, and those that the tarball contains. */
const requireDeclared = (imported: readonly string[]): void => {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(text) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const missing = new Set(
    imported
      .filter((path) => !isBuiltin(path) && !path.startsWith('.'))
      .filter((path) => bundledPackageOf(path) === undefined)
      .map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
      .filter((name) => dependencies[name] === undefined),
  );
  if (missing.size === 0) return;
  throw new CommandError(
    `The package imports ${[...missing].join(', ')}: move it from devDependencies to dependencies.`,
  );
};

/** Modules import each other as in the sources, under their new names. */
const besideEachOther: Plugin = {
  name: 'beside each other',
  setup: (builder) => {
    builder.onResolve({ filter: /^\.{1,2}\/.*\.[jt]s$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};
