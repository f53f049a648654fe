import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, type BuildFailure, formatMessages, type Plugin } from 'esbuild';
import { zipSync } from 'fflate';
import { type ContractPlaces, writeContract } from '../../../handler/compiler/write-contract.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { note, step } from '../command-line/step.ts';
import { type AwsClientChoice, chosenAwsClient } from './aws-client-choice.ts';

export type BuildPlaces = ContractPlaces & BundlePlaces;

export interface BuiltZip {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Builds `gateway.zip` and, beside it, the files in it. Where anything fails no zip is left, not even an old one. */
export const buildZip = async (
  places: BuildPlaces,
  awsClient: AwsClientChoice = chosenAwsClient(),
): Promise<BuiltZip> => {
  const { outFolder } = places;
  const path = join(outFolder, 'gateway.zip');
  try {
    const warnings = await step('compile the contract', () => writeContract(places));
    warnings.forEach(note);
    const handler = await step('bundle the handler', () => bundle(places, awsClient));
    const files = { 'index.js': handler };
    const contents = zip(files);
    await mkdir(outFolder, { recursive: true });
    for (const [name, file] of Object.entries(files)) await writeFile(join(outFolder, name), file);
    await writeFile(path, contents);
    return {
      path,
      bytes: contents.length,
      sha256: createHash('sha256').update(contents).digest('hex'),
    };
  } catch (error) {
    await Promise.all([path, join(outFolder, 'index.js')].map((file) => rm(file, { force: true })));
    throw error;
  }
};

/** The first that the format can say, in local time as the format has it: the same bytes in every zone. */
const modifiedAt = new Date(1980, 0, 1);

/** A regular file that everybody may read: Lambda runs as a user of its own. */
const unixAttributes = (0o100644 << 16) >>> 0;

/**
 * The same files give the same bytes on every machine: fixed dates, modes and order, and a compressor in
 * JavaScript, where zlib's output changes with its version.
 */
export const zip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.keys(files)
        .toSorted()
        .map((name) => [name, files[name] ?? new Uint8Array()]),
    ),
    { level: 9, mtime: modifiedAt, os: 3, attrs: unixAttributes },
  );

interface BundlePlaces {
  /** Exports `handler`. */
  readonly entryFile: string;
  /** Holds the compiled contract. */
  readonly generatedFolder: string;
}

/** One CommonJS file with everything in it: as ES modules, Node loads a hundred built-ins more at start. */
export const bundle = async (
  { entryFile, generatedFolder }: BundlePlaces,
  awsClient: AwsClientChoice,
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
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [contractFrom(generatedFolder), ...(awsClient === 'sdk' ? [sdkClients] : [])],
    });
    const [file] = outputFiles;
    if (file === undefined) throw new TypeError(`esbuild wrote nothing for ${entryFile}`);
    return file.contents;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const messages = await formatMessages(error.errors, { kind: 'error' });
    throw new CommandError(`the handler cannot be bundled.\n\n${messages.join('\n')}`);
  }
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

const sourceFolder = join(projectFolder, 'handler/src');

/** The modules that call AWS, and those that do the same through the AWS SDK. */
const throughSdk: ReadonlyMap<string, string> = new Map(
  [
    ['stores/dynamodb/dynamodb-client.ts', 'stores/dynamodb/sdk-dynamodb-client.ts'],
    ['aws/secrets-manager.ts', 'aws/sdk-secrets-manager.ts'],
  ].map(([own = '', sdk = '']) => [join(sourceFolder, own), join(sourceFolder, sdk)]),
);

const sdkClients: Plugin = {
  name: 'aws-client',
  setup: (builder) => {
    builder.onResolve({ filter: /\/(dynamodb-client|secrets-manager)\.ts$/ }, (module) => {
      const path = throughSdk.get(resolve(module.resolveDir, module.path));
      return path === undefined ? undefined : { path };
    });
  },
};

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
