import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { relative } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { note } from '../command-line/step.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';
import type { Variables } from '../terraform/read-variables.ts';

/** The concurrency that the tfvars need from the account. */
export interface Concurrency {
  readonly functionName: string;
  readonly region: string;
  readonly reserved: number | undefined;
  readonly provisioned: number;
}

/**
 * Throws if the account does not have the concurrency that the tfvars need: Lambda would refuse it in the middle of an
 * apply. Where the caller may not read the account's settings, the apply is left to find out.
 */
export const requireConcurrency = async (
  environment: Environment,
  variables: Variables,
): Promise<void> => {
  const wanted = concurrencyOf(variables);
  const lambda = new LambdaClient(awsClientOptions(environment, wanted.region));
  await judgeConcurrency(lambda, wanted, relative(projectFolder, environment.variablesFile));
};

const concurrencyOf = (variables: Variables): Concurrency => ({
  functionName: `${String(variables['project'])}-${String(variables['environment'])}`,
  region: String(variables['region']),
  reserved: (variables['reserved_concurrency'] ?? undefined) as number | undefined,
  provisioned: Number(variables['provisioned_concurrency']),
});

export const judgeConcurrency = async (
  lambda: Pick<LambdaClient, 'send'>,
  { functionName, region, reserved, provisioned }: Concurrency,
  file: string,
): Promise<void> => {
  const wanted = reserved ?? provisioned;
  if (wanted === 0) return;
  const account = await accountLimit(lambda);
  if (account === undefined) return;
  const { limit, unreserved } = account;
  const kept = Math.min(leftUnreserved, limit);
  const most = Math.max(0, unreserved + (await reservedNow(lambda, functionName)) - kept);
  if (wanted <= most) return;
  const name = reserved === undefined ? 'provisioned_concurrency' : 'reserved_concurrency';
  const off = reserved === undefined ? '0' : 'null';
  throw new CommandError(
    `${name} = ${wanted} in ${file} is more than this account can give in ${region}: of its ${limit} concurrent ` +
      `executions, ${unreserved} are not reserved, and Lambda keeps ${kept} of them for functions without a reservation. ` +
      `Nothing was changed.\nSet ${name} = ${off}${most > 0 ? `, or at most ${most},` : ''} in ${file}. New accounts begin ` +
      `with 10; a higher quota is free: https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384`,
  );
};

/**
 * "You can reserve up to the Unreserved account concurrency value minus 100"; in accounts with a smaller limit all of
 * it stays, as the refusals say ("below its minimum value of [10]").
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const leftUnreserved = 100;

const accountLimit = async (lambda: Pick<LambdaClient, 'send'>) => {
  try {
    const { AccountLimit: limits } = await lambda.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } =
      limits ?? {};
    return limit === undefined || unreserved === undefined ? undefined : { limit, unreserved };
  } catch (error) {
    if (!isDenied(error)) throw error;
    note('lambda:GetAccountSettings is not allowed: the account’s concurrency is not checked');
    return undefined;
  }
};

/** What the function has reserved already is not taken twice. */
const reservedNow = async (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
): Promise<number> => {
  try {
    const { ReservedConcurrentExecutions: reserved = 0 } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: functionName }),
    );
    return reserved;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 0;
    throw error;
  }
};

const isDenied = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('AccessDenied');
