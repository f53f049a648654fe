import { compilePackage } from '../lab/package/compile-package.ts';
import { command } from '../stack/command-line/command.ts';

/** Compiles what the npm package consists of, into `dist`. `npm pack` runs it. */
await command('compile-package', compilePackage);
