import { existsSync } from 'node:fs';
import { startContractCompiler } from '../dev/contract-compiler.ts';
import { contractFileOf } from '../stack/build/contract-arguments.ts';
import { number } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { CommandError } from '../stack/command-line/command-error.ts';

/** A second interrupt ends the process at once. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

await command('dev', async (args) => {
  const port = number(args.PORT, 'PORT', { usual: 8787, least: 0, most: 65_535, isWhole: true });
  const contractFile = contractFileOf(args);
  if (!existsSync(contractFile))
    throw new CommandError(
      `${contractFile} is the contract, and there is no such file; name another one by CONTRACT=`,
    );
  const compiler = startContractCompiler();
  try {
    // Only now, so that the gateway and the compiler are loaded at the same time.
    const { startDevServer } = await import('../dev/dev-server.ts');
    const print = (text: string): void => console.log(text);
    const variables = process.env;
    const server = await startDevServer({ contractFile, port, compiler, variables, print });
    await interrupted();
    await server.close();
  } finally {
    await compiler.close();
  }
});
