import { awsChecks } from '../operations/doctor/aws-checks.ts';
import { describeFindings, diagnose } from '../operations/doctor/diagnose.ts';
import { localChecks, machineChecks } from '../operations/doctor/machine-checks.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { asTyped } from '../stack/command-line/as-typed.ts';
import { command } from '../stack/command-line/command.ts';
import { readEnvironment } from '../stack/environments/environment.ts';

/** Says what this machine, or the account of an environment, lacks. Exit code 1: something is wrong. */
await command('doctor', async (args) => {
  const environment = args.ENV === undefined ? undefined : readEnvironment(args);
  const isOnAws = environment !== undefined && environment.local === undefined;
  const findings = await diagnose([
    ...machineChecks(),
    ...(isOnAws ? awsChecks(environment) : localChecks()),
  ]);
  const isJson = flag(args.JSON, 'JSON');
  console.log(
    isJson ? JSON.stringify(findings, undefined, 2) : asTyped(describeFindings(findings)),
  );
  return findings.every(({ ok }) => ok) ? 0 : 1;
});
