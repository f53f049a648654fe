import { basename, join, resolve } from 'node:path';
import { build, type BuildFailure, formatMessages, type Plugin } from 'esbuild';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import type { AwsClientChoice } from './aws-client-choice.ts';

export interface BundlePlaces {
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
