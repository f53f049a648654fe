import { describeRoutes } from '../operations/contract/describe-routes.ts';
import { compileValidFile } from '../stack/build/compile-file.ts';
import { contractFileOf } from '../stack/build/contract-arguments.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';

/** Prints every route of a contract. */
await command('routes', async (args) => {
  const { routes } = await compileValidFile(contractFileOf(args));
  console.log(
    flag(args.JSON, 'JSON') ? JSON.stringify(routes, undefined, 2) : describeRoutes(routes),
  );
});
