import { build, type BuildFailure, formatMessages } from 'esbuild';
import { Fault } from '../command-line/fault.ts';
import { projectFolder } from '../command-line/folders.ts';

/** One CommonJS file with everything in it: as ES modules, Node loads a hundred built-ins more at start. */
export const bundle = async (entryFile: string): Promise<Uint8Array> => {
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
    });
    const [file] = outputFiles;
    if (file === undefined) throw new TypeError(`esbuild wrote nothing for ${entryFile}`);
    return file.contents;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const messages = await formatMessages(error.errors, { kind: 'error' });
    throw new Fault(`the handler cannot be bundled.\n\n${messages.join('\n')}`);
  }
};

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
