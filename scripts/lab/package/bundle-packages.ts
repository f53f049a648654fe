import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import ts from 'typescript';
import { packageFolder } from '../../stack/command-line/folders.ts';

/**
 * Packages that the tarball contains, so that an installation does not fetch them: Postern uses a small part of each.
 * Whole, with all their builds and binaries, they are 160 MB in 8,000 files. They are ES modules; what loads Node's own
 * modules with `require` cannot be one of them, because it is also bundled into a function.
 */
export const bundledPackages: readonly string[] = [
  ...['@aws-sdk/client-cloudwatch', '@aws-sdk/client-cloudwatch-logs', '@aws-sdk/client-dynamodb'],
  ...['@aws-sdk/client-eventbridge', '@aws-sdk/client-iam', '@aws-sdk/client-lambda'],
  ...['@aws-sdk/client-s3', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-sfn'],
  ...['@aws-sdk/client-sns', '@aws-sdk/client-sqs', '@aws-sdk/client-sts'],
  ...['@aws-sdk/util-dynamodb', '@middy/core'],
  ...['@middy/http-content-encoding', '@middy/http-cors', '@middy/http-error-handler', 'echarts'],
  ...['js-yaml', 'json-p3', 'json-schema-faker', 'recheck', 'yocto-spinner'],
];

/** The one that is loaded with `require`, only when it is needed. */
const required = { path: 'recheck/lib/browser.js', name: 'recheck' } as const;

/** The package that an import names; undefined if it is not one of the bundled packages. */
export const bundledPackageOf = (path: string): string | undefined =>
  bundledPackages.find((name) => path === name || path.startsWith(`${name}/`));

/** Of the file for an import path, without its extension. */
const nameOf = (path: string): string => path.replaceAll(/[@/]+/g, '-').replace(/^-/, '');

interface Sources {
  /** TypeScript files, from the package's folder. */
  readonly modules: readonly string[];
  readonly outdir: string;
  readonly options: BuildOptions;
}

/** Writes what the modules import from the bundled packages, a file for each import path, and the packages' licenses. */
export const bundlePackages = async ({ modules, outdir, options }: Sources): Promise<void> => {
  const imports = importsOf(modules);
  const shared = {
    ...options,
    packages: 'bundle',
    outdir,
    minify: true,
    legalComments: 'none',
    metafile: true,
  } as const;
  const [split, single] = await Promise.all([
    build({
      ...shared,
      splitting: true,
      chunkNames: 'shared-[hash]',
      mainFields: ['module', 'main'],
      entryPoints: [...imports.keys()].map((path) => ({
        in: `bundled:${path}`,
        out: nameOf(path),
      })),
      plugins: [namesOf(imports)],
    }),
    build({
      ...shared,
      format: 'cjs',
      entryPoints: [{ in: required.path, out: required.name }],
      outExtension: { '.js': '.cjs' },
    }),
  ]);
  const inputs = [split, single].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(outdir, 'LICENSES.txt'), licensesOf(inputs));
};

/** The names of values that the modules import, by import path. */
const importsOf = (modules: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const imports = new Map<string, Set<string>>();
  for (const file of modules) {
    const text = readFileSync(join(packageFolder, file), 'utf8');
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const { text: path } = statement.moduleSpecifier as ts.StringLiteral;
      if (bundledPackageOf(path) === undefined) continue;
      const names = valuesOf(statement.importClause);
      if (names.length === 0) continue;
      imports.set(path, new Set([...(imports.get(path) ?? []), ...names]));
    }
  }
  return imports;
};

const valuesOf = (clause: ts.ImportClause | undefined): readonly string[] => {
  if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const { name, namedBindings } = clause;
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings))
    throw new TypeError(`import * as ${namedBindings.name.text}: name what is imported`);
  return [
    ...(name === undefined ? [] : ['default']),
    ...(namedBindings?.elements ?? [])
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map((element) => (element.propertyName ?? element.name).text),
  ];
};

/** An entry point that exports only these names of a package. */
const namesOf = (imports: ReadonlyMap<string, ReadonlySet<string>>): Plugin => ({
  name: 'names of packages',
  setup: (builder) => {
    builder.onResolve({ filter: /^bundled:/ }, ({ path }) => ({
      path: path.slice('bundled:'.length),
      namespace: 'bundled',
    }));
    builder.onLoad({ filter: /^/, namespace: 'bundled' }, ({ path }) => ({
      contents: `export { ${[...(imports.get(path) ?? [])].join(', ')} } from '${path}';`,
      resolveDir: packageFolder,
    }));
  },
});

/** Modules import the bundled packages from this folder, relative to their own place below `dist`. */
export const fromFolder = (folder: string, dist: string): Plugin => {
  const inPackage = (importer: string): string =>
    relative(dirname(join(dist, relative(packageFolder, importer))), folder);
  return {
    name: 'bundled packages',
    setup: (builder) => {
      builder.onResolve({ filter: /^[^.]/ }, ({ path, importer, kind }) =>
        kind === 'entry-point' || bundledPackageOf(path) === undefined
          ? undefined
          : { path: `${inPackage(importer)}/${nameOf(path)}.js`, external: true },
      );
      builder.onLoad({ filter: /judge-pattern\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const call = `('${required.path}')`;
        if (!text.includes(call)) throw new TypeError(`${path} does not require ${required.path}`);
        const contents = text.replace(call, `('${inPackage(path)}/${required.name}.cjs')`);
        return { contents, loader: 'ts' };
      });
    },
  };
};

/** Of all packages with a file among the inputs: once each text, below the packages that have it. */
const licensesOf = (inputs: readonly string[]): string => {
  const packages = new Set(
    inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const byText = new Map<string, string[]>();
  for (const folder of [...packages].toSorted())
    for (const text of licenseOf(join(packageFolder, folder)))
      byText.set(text, [...(byText.get(text) ?? []), folder.replace(/^.*node_modules\//, '')]);
  const rule = '-'.repeat(80);
  return [...byText]
    .map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
    .join(`\n${rule}\n\n`);
};

/** The texts in a package; of one that has none, what its package.json says. */
const licenseOf = (folder: string): readonly string[] => {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)(\.\w+)?$/i.test(file));
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly license?: string;
  };
  return [`License: ${license ?? 'see the package'}`];
};
