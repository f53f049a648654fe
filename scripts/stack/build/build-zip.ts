import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { deflateAsync } from '@gfx/zopfli';
import { minify } from '@swc/core';
import { build, type BuildFailure, formatMessages, type Plugin, transform } from 'esbuild';
import { type AsyncFlateStreamHandler, deflateSync, Zip } from 'fflate';
import type { ContractSummary } from '../../../handler/compiler/compile-contract.ts';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import {
  type ContractPlaces,
  isLazyModule,
  removeLazyModules,
  writeContract,
} from './write-contract.ts';
import { CommandError } from '../command-line/command-error.ts';
import {
  codeExtension,
  packageFolder,
  projectFolder,
  runtimeFolder,
} from '../command-line/folders.ts';
import { step } from '../command-line/step.ts';
import { type AwsClientChoice, chosenAwsClient } from './aws-client-choice.ts';

export interface BuildPlaces extends ContractPlaces, BundlePlaces {
  /** For the zip and the files in it. */
  readonly outFolder: string;
  /** What Terraform reads, `contract.json`; beside the zip unless given. */
  readonly summaryFile?: string;
}

export interface BuiltZip {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly summary: ContractSummary;
  readonly warnings: readonly string[];
}

/**
 * Builds `gateway.zip`, beside it the files in it, and `contract.json`: what Terraform has to know of the contract and of
 * this zip. If anything fails, none of them is left, not even those of an earlier build. Unless given, the AWS client is
 * the chosen one, and nothing is switched on.
 */
export const buildZip = async (
  places: BuildPlaces,
  given: Partial<BundleParts> = {},
): Promise<BuiltZip> => {
  const { outFolder, summaryFile = join(outFolder, 'contract.json') } = places;
  const parts = { awsClient: chosenAwsClient(), switchedOn: [], ...given };
  const path = join(outFolder, 'gateway.zip');
  try {
    const { summary, routes, features, warnings, lazyModules, assets } = await step(
      'compile the contract',
      () => writeContract(places),
    );
    const handler = await step('bundle the handler', () => bundle(places, { ...parts, features }));
    const lazy = await Promise.all(
      lazyModules.map(async (name) => [name, await minifiedModule(places, name)] as const),
    );
    const files: Record<string, Uint8Array> = {
      'index.js': handler,
      ...Object.fromEntries(lazy),
    };
    for (const name of assets) files[name] = await readFile(join(places.generatedFolder, name));
    const contents = await zip(files);
    await mkdir(outFolder, { recursive: true });
    await removeLazyModules(outFolder, lazyModules);
    for (const [name, file] of Object.entries(files)) await writeFile(join(outFolder, name), file);
    await writeFile(path, contents);
    const sha256 = createHash('sha256').update(contents).digest();
    const built = {
      version: packageVersion(),
      // As Lambda reports it: a plan compares the two without the zip.
      code_sha256: sha256.toString('base64'),
      switched_on: parts.switchedOn.toSorted(),
      ...summary,
    };
    await writeFile(summaryFile, summaryText(built, routes));
    return {
      path,
      bytes: contents.length,
      sha256: sha256.toString('hex'),
      summary,
      warnings,
    };
  } catch (error) {
    const files = [path, summaryFile, join(outFolder, 'index.js')];
    await Promise.all(files.map((file) => rm(file, { force: true })));
    await removeLazyModules(outFolder).catch(() => undefined);
    throw error;
  }
};

/** The module of Terraform accepts the zips of its own version only. */
const packageVersion = (): string => {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
};

/** The file may be committed: a changed route is a changed line, and none changes because its place in the contract moves. */
const summaryText = (built: object, routes: readonly ListedRoute[]): string => {
  const lines = routes.map(({ definedAt: _, ...route }) => `    ${JSON.stringify(route)}`);
  const others = JSON.stringify(built, undefined, 2).replace(/\n\}$/, '');
  return `${others},\n  "routes": [\n${lines.join(',\n')}\n  ]\n}\n`;
};

/** The first that the format can say, in local time as the format has it: the same bytes in every zone. */
const modifiedAt = new Date(1980, 0, 1);

/** A regular file that every user may read: Lambda has a user of its own. */
const unixAttributes = (0o100644 << 16) >>> 0;

/**
 * The same files give the same bytes on every machine: fixed dates, modes and order, and a compressor in
 * WebAssembly, where zlib's output changes with its version. Zopfli's is 6 % smaller than the best of zlib,
 * for 4 s a megabyte: the code of a contract with thousands of routes would take minutes.
 */
export const zip = async (
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const entries = await Promise.all(
    Object.entries(files)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(async ([name, contents]) => ({
        ...entryOf(name, contents),
        data: isCompressed(name) ? Uint8Array.from(contents) : await deflate(name, contents),
      })),
  );
  const chunks: Uint8Array[] = [];
  const archive = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const { data, ...entry } of entries) {
    archive.add(entry);
    entry.ondata(null, data, true);
  }
  archive.end();
  return Buffer.concat(chunks);
};

const deflate = async (name: string, contents: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  isLazyModule(name) || contents.length > largestForZopfli
    ? Uint8Array.from(deflateSync(contents, { level: 9 }))
    : Uint8Array.from(await deflateAsync(contents, { numiterations: 5 }));

const largestForZopfli = 400_000;

/** Brotli's output is stored as it is. */
const isCompressed = (name: string): boolean => name.endsWith('.br');

/** APPNOTE.TXT §4.4.5. */
const [stored, deflated] = [0, 8];

const entryOf = (filename: string, contents: Uint8Array) => ({
  filename,
  size: contents.length,
  crc: crc32(contents),
  compression: isCompressed(filename) ? stored : deflated,
  mtime: modifiedAt,
  os: 3,
  attrs: unixAttributes,
  /** The archive's, once it has the entry. */
  ondata: ((): void => undefined) as AsyncFlateStreamHandler,
});

/**
 * What only the environments have whose tfvars set the variable, each with its module in `handler/src/features`. In other
 * zips the module's one export is undefined, and what only the module imports is not bundled.
 */
const switchedModules = {
  fault_injection: 'faults/fault-injection',
  trusted_proxy: 'trusted-proxy/trusted-proxy',
} as const;

export type SwitchedFeature = keyof typeof switchedModules;

export const switchedFeatures = Object.keys(switchedModules) as readonly SwitchedFeature[];

/** The parts of the handler that builds differ in. */
export interface BundleParts {
  readonly awsClient: AwsClientChoice;
  readonly switchedOn: readonly SwitchedFeature[];
}

interface ContractParts {
  /** The names of the features that the contract uses. */
  readonly features: readonly string[];
}

interface BundlePlaces {
  /** Exports `handler`. */
  readonly entryFile: string;
  /** Holds the compiled contract. */
  readonly generatedFolder: string;
}

/** One CommonJS file with everything in it: as ES modules, Node loads a hundred built-ins more at start. */
export const bundle = async (
  { entryFile, generatedFolder }: BundlePlaces,
  { awsClient, switchedOn, features }: BundleParts & ContractParts,
): Promise<Uint8Array> => {
  try {
    const { outputFiles } = await build({
      entryPoints: [entryFile],
      absWorkingDir: projectFolder,
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // The ES modules of a package can be cut down to what is used; its CommonJS cannot.
      mainFields: ['module', 'main'],
      minify: true,
      define: { 'import.meta.dirname': '__dirname' },
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [
        contractFrom(generatedFolder),
        withoutLogBuffer,
        awsClient === 'sdk' ? sdkClients : withoutInvokeStore,
        onlyStepsOf([...features, ...switchedSteps]),
        without(switchedFeatures.filter((feature) => !switchedOn.includes(feature))),
      ],
    });
    const [file] = outputFiles;
    if (file === undefined) throw new TypeError(`esbuild wrote nothing for ${entryFile}`);
    return await minified(withoutUnusedErrors(file.text));
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const messages = await formatMessages(error.errors, { kind: 'error' });
    throw new CommandError(`the handler cannot be bundled.\n\n${messages.join('\n')}`);
  }
};

/** Leaves out the rows of `errorCodes` whose code is written nowhere else: nothing in the bundle can throw it. */
const withoutUnusedErrors = (code: string): string =>
  code.replaceAll(
    /\b([A-Z]+(?:_[A-Z]+)+):\{status:\d+,title:"[^"]*"\},?/g,
    (row: string, name: string) => (code.split(name).length > 2 ? row : ''),
  );

/** esbuild cuts modules down to what is used; swc goes on within their functions, and saves 3 % more. */
const minified = async (code: string): Promise<Uint8Array> => {
  const options = { compress: { passes: 4, ecma: 2022 }, mangle: { toplevel: true } } as const;
  // V8 keeps and reads a source of ASCII at one byte a character, any other at two.
  const format = { asciiOnly: true };
  const result = await minify(code, {
    ...options,
    format,
    module: false,
    toplevel: true,
    ecma: 2022,
  });
  return Buffer.from(result.code);
};

/** A generated module that imports nothing. */
const minifiedModule = async (
  { generatedFolder }: BundlePlaces,
  name: string,
): Promise<Uint8Array> => {
  const text = await readFile(join(generatedFolder, name), 'utf8');
  const options = { minify: true, charset: 'utf8', target: 'node22', platform: 'node' } as const;
  return Buffer.from((await transform(text, options)).code);
};

/** The handler names its contract by where it usually lies; a build may have one of its own. */
const contractFrom = (generatedFolder: string): Plugin => ({
  name: 'contract',
  setup: (builder) => {
    builder.onResolve({ filter: /\/generated\/[\w.]+$/ }, ({ path }) => ({
      path: join(generatedFolder, basename(path)),
    }));
  },
});

/** A module of the handler, named without its extension. */
const moduleFile = (name: string): string => join(runtimeFolder, `${name}${codeExtension}`);

/** The modules that call AWS, and those that do the same through the AWS SDK. */
const throughSdk: ReadonlyMap<string, string> = new Map(
  [
    ['stores/dynamodb/dynamodb-client', 'stores/dynamodb/sdk-dynamodb-client'],
    ['aws/secrets-manager', 'aws/sdk-secrets-manager'],
  ].map(([own = '', sdk = '']) => [moduleFile(own), moduleFile(sdk)]),
);

const sdkClients: Plugin = {
  name: 'aws-client',
  setup: (builder) => {
    builder.onResolve({ filter: /\/(dynamodb-client|secrets-manager)\.[jt]s$/ }, (module) => {
      const path = throughSdk.get(resolve(module.resolveDir, module.path));
      return path === undefined ? undefined : { path };
    });
  },
};

const without = (features: readonly SwitchedFeature[]): Plugin => ({
  name: 'switched off',
  setup: (builder) => {
    const emptied = new Map(
      features.map((feature) => [
        moduleFile(`features/${switchedModules[feature]}`),
        `export const ${exportOf(feature)} = undefined;`,
      ]),
    );
    builder.onLoad({ filter: /[\\/]features[\\/]/ }, ({ path }) => {
      const contents = emptied.get(path);
      return contents === undefined ? undefined : { contents };
    });
  },
});

/** The steps of what environments switch on, by their names in the pipeline. */
const switchedSteps = ['trustedProxy', 'faults'];

/** A feature that the contract does not use adds no byte, not even its name in the pipeline. */
const onlyStepsOf = (features: readonly string[]): Plugin => ({
  name: 'steps',
  setup: (builder) => {
    builder.onLoad({ filter: /[\\/]src[\\/]gateway\.[jt]s$/ }, async ({ path }) => ({
      contents: pipelineOf(await readFile(path, 'utf8'), features),
      loader: 'ts',
    }));
  },
});

/** Leaves the steps of other features out: `.use(feature('cors'))`, or `feature('cors'),` in a list. */
const pipelineOf = (source: string, features: readonly string[]): string =>
  source.replaceAll(
    /\.use\(feature\('(\w+)'\)\)|^\s*feature\('(\w+)'\),$/gm,
    (step: string, used: string | undefined, listed: string | undefined) =>
      features.includes(used ?? listed ?? '') ? step : '',
  );

/** A module's export has the name of its variable, in camel case. */
const exportOf = (feature: SwitchedFeature): string =>
  feature.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Powertools imports the store for functions with several invocations at a time, which Lambda does not have unless it is
 * configured to. The AWS SDK needs it on Lambda, for `X-Amzn-Trace-Id`.
 */
const withoutInvokeStore = replaced('invoke store', /[\\/]lambda-invoke-store[\\/].*\.js$/, '');

/** Powertools' logger can hold lines back until an error, which the handler does not use. */
const withoutLogBuffer = replaced(
  'log buffer',
  /[\\/]logger[\\/]lib[\\/]esm[\\/]logBuffer\.js$/,
  'export class CircularMap extends Map {}',
);

function replaced(name: string, filter: RegExp, contents: string): Plugin {
  return {
    name: `without ${name}`,
    setup: (builder) => builder.onLoad({ filter }, () => ({ contents })),
  };
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
