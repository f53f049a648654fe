import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { brotliCompressSync, constants } from 'node:zlib';
import type { ContractSummary } from '../../handler/compiler/compile-contract.ts';
import type { ListedRoute } from '../../handler/compiler/list-routes.ts';
import { compileFile } from '../stack/build/compile-file.ts';
import { makeModuleFolder } from '../stack/build/module-folder.ts';
import { openapiFile } from '../stack/build/write-contract.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

export interface CompileOrder {
  readonly contractFile: string;
  /** For the modules and the published document. */
  readonly outFolder: string;
}

export type Compiled = {
  /** All that were read, or could not be. */
  readonly files: readonly string[];
} & (
  | {
      readonly ok: true;
      readonly openapi: object;
      readonly summary: ContractSummary;
      readonly routes: readonly ListedRoute[];
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] }
);

const compile = async ({ contractFile, outFolder }: CompileOrder): Promise<Compiled> => {
  try {
    // An editor shows type errors at once, and the build reports them.
    const compilation = await compileFile(contractFile, {
      generatedFolder: outFolder,
      checksTypes: false,
    });
    const files = compilation.files.map((file) => resolve(projectFolder, file));
    if (!compilation.ok) return { ...compilation, files };
    const { modules, openapi, summary, routes, warnings } = compilation;
    makeModuleFolder(outFolder);
    for (const [name, code] of Object.entries(modules)) writeFileSync(join(outFolder, name), code);
    writeFileSync(join(outFolder, openapiFile), fastCompressed(JSON.stringify(openapi)));
    return { ok: true, files, openapi, summary, routes, warnings };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: false, files: [contractFile], problems: [error.message] };
  }
};

/** The best compression, which the build has, takes seconds for a large document. */
const fastCompressed = (text: string): Uint8Array =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

parentPort?.on('message', (order: CompileOrder) => {
  void compile(order).then((compiled) => parentPort?.postMessage(compiled));
});
