import { CommandError } from '../command-line/command-error.ts';
import { type Environment, spelledOut } from '../environments/environment.ts';
import { requireCloud } from '../local-cloud/cloud.ts';
import { readStack } from './state-backend.ts';

/** The deployed resources of an environment, by the output `stack` of Terraform. */
export interface Deployment {
  readonly baseUrl: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly functionName: string;
  readonly logGroupName: string;
  readonly sessionTableName: string;
  readonly rateLimitTableName: string;
  readonly signingSecretArn: string;
  readonly alarmTopicArn: string;
  /** The function's. */
  readonly roleName: string;
  /** Undefined: it is deployed without one. */
  readonly dashboardName?: string;
  /** Of the tables that only some contracts need: `cache`, `credentials`, `idempotency`, `traffic`, `usage`. */
  readonly furtherTableNames: Readonly<Record<string, string>>;
  /** What the API keys of its contract begin with. */
  readonly apiKeyPrefixes: readonly string[];
  /** The quotas of the plans of its contract. */
  readonly planQuotas: Readonly<
    Record<string, { readonly limit?: number; readonly period?: string }>
  >;
}

/** Throws where nothing is deployed. */
export const readDeployment = async (environment: Environment): Promise<Deployment> => {
  const deployment = await findDeployment(environment);
  if (deployment) return deployment;
  throw nothingDeployed(environment);
};

export const nothingDeployed = (environment: Environment): CommandError =>
  new CommandError(
    `Nothing is deployed in ${environment.name}. Deploy it: make deploy ${spelledOut(environment)}`,
  );

export const findDeployment = async (environment: Environment): Promise<Deployment | undefined> => {
  await requireCloud(environment);
  const stack = (await readStack(environment)) ?? {};
  const entries = Object.entries(namesInTheStack).map(([key, name]) => [key, stack[name]]);
  const isDeployed = entries.every(([, value]) => typeof value === 'string');
  if (!isDeployed) return undefined;
  const { dashboard_name: dashboardName, further_table_names: furtherTableNames } = stack;
  return {
    ...(Object.fromEntries(entries) as Record<keyof typeof namesInTheStack, string>),
    // Stacks of 0.1 have none.
    furtherTableNames: (furtherTableNames ?? {}) as Deployment['furtherTableNames'],
    apiKeyPrefixes: (stack['api_key_prefixes'] ?? []) as readonly string[],
    planQuotas: (stack['plan_quotas'] ?? {}) as Deployment['planQuotas'],
    ...(typeof dashboardName === 'string' && { dashboardName }),
  };
};

const namesInTheStack = {
  baseUrl: 'base_url',
  region: 'region',
  apiId: 'api_id',
  stageName: 'stage_name',
  functionName: 'function_name',
  logGroupName: 'log_group_name',
  sessionTableName: 'session_table_name',
  rateLimitTableName: 'ratelimit_table_name',
  signingSecretArn: 'token_signing_secret_arn',
  alarmTopicArn: 'alarm_topic_arn',
  roleName: 'role_name',
};
