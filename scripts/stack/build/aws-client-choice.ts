import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';

/** `postern`: the project's small client. `sdk`: the AWS SDK. The zip holds one of them. */
export type AwsClientChoice = (typeof choices)[number];

const choices = ['postern', 'sdk'] as const;

/**
 * `AWS_CLIENT`, or `{ "postern": { "awsClient": … } }` in package.json, or the project's own. Throws a `CommandError` that
 * names the valid choices.
 */
export const chosenAwsClient = (
  environment: NodeJS.ProcessEnv = process.env,
  packageFile = join(projectFolder, 'package.json'),
): AwsClientChoice => {
  const fromEnvironment = environment['AWS_CLIENT'] ?? '';
  if (fromEnvironment !== '') return valid('AWS_CLIENT', fromEnvironment);
  const { postern } = JSON.parse(textOf(packageFile)) as {
    readonly postern?: { readonly awsClient?: unknown };
  };
  return valid('"postern.awsClient" in package.json', postern?.awsClient ?? 'postern');
};

/** A contract may be built where there is no package. */
const textOf = (packageFile: string): string =>
  existsSync(packageFile) ? readFileSync(packageFile, 'utf8') : '{}';

const valid = (place: string, value: unknown): AwsClientChoice => {
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new CommandError(
    `${place} is ${JSON.stringify(value)}: set it to ${choices.join(' or ')}.`,
  );
};
