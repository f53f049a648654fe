import { describeFindings, judge } from '../operations/contract/describe-findings.ts';
import { compileFile } from '../stack/build/compile-file.ts';
import { contractFileOf } from '../stack/build/contract-arguments.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { asTyped } from '../stack/command-line/as-typed.ts';
import { command } from '../stack/command-line/command.ts';

/** Compiles a contract without building anything, and prints its problems and warnings. */
await command('validate', async (args) => {
  const { findings } = await compileFile(contractFileOf(args));
  const verdict = judge(findings, { isStrict: flag(args.STRICT, 'STRICT') });
  console.log(
    flag(args.JSON, 'JSON')
      ? JSON.stringify(verdict, undefined, 2)
      : asTyped(describeFindings(verdict)),
  );
  return verdict.valid ? 0 : 1;
});
