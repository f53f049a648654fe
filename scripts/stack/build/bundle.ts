import { basename, join } from 'node:path';
import { build, type BuildFailure, formatMessages, type Plugin } from 'esbuild';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';

export interface BundlePlaces {
  /** Exports `handler`. */
  readonly entryFile: string;
  /** Holds the compiled contract. */
  readonly generatedFolder: string;
}

/** One CommonJS file with everything in it: as ES modules, Node loads a hundred built-ins more at start. */
export const bundle = async ({ entryFile, generatedFolder }: BundlePlaces): Promise<Uint8Array> => {
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
      plugins: [contractFrom(generatedFolder)],
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

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
