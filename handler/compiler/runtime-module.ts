import { extname, posix } from 'node:path';

/** `.ts` in the repository, `.js` in the package: Node strips no types from what is in node_modules. */
const extension = extname(import.meta.filename);

/** What a generated module imports of the handler: a file, named as its source, in the handler's folder. */
export const runtimeModule = (runtime: string, file: string): string =>
  posix.join(runtime, file.replace(/\.ts$/, extension));
