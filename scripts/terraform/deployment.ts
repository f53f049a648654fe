import { Fault } from '../command-line/fault.ts';
import { type Environment, spelledOut } from '../environments/environment.ts';
import { requireCloud } from '../local-cloud/cloud.ts';
import { readStateBackend, stateBucketExists } from './state-backend.ts';
import { initialise, terraform } from './terraform.ts';

/** What stands in an environment, as its Terraform outputs say. */
export interface Deployment {
  readonly baseUrl: string;
  readonly region: string;
  readonly functionName: string;
  readonly logGroupName: string;
  readonly sessionTableName: string;
  readonly rateLimitTableName: string;
  readonly signingSecretArn: string;
}

/** Throws where nothing is deployed. */
export const readDeployment = async (environment: Environment): Promise<Deployment> => {
  const deployment = await findDeployment(environment);
  if (deployment) return deployment;
  throw nothingDeployed(environment);
};

export const nothingDeployed = (environment: Environment): Fault =>
  new Fault(
    `Nothing is deployed in ${environment.name}. Deploy it: make deploy ${spelledOut(environment)}`,
  );

export const findDeployment = async (environment: Environment): Promise<Deployment | undefined> => {
  const { local } = environment;
  if (local) await requireCloud({ ...environment, local });
  const backend = await readStateBackend(environment);
  if (!(await stateBucketExists(environment, backend))) return undefined;
  await initialise(environment, backend);
  const { stdout } = await terraform(environment, ['output', '-json']);
  const outputs = JSON.parse(stdout) as Readonly<Record<string, { value: unknown } | undefined>>;
  const names = Object.values(outputNames);
  if (!names.every((name) => typeof outputs[name]?.value === 'string')) return undefined;
  const output = (name: keyof typeof outputNames) => outputs[outputNames[name]]?.value as string;
  return {
    baseUrl: local
      ? // Host names such as <api>.execute-api.localhost resolve for some clients only; paths for all.
        `${local.endpoint}/_aws/execute-api/${output('apiId')}/${output('stageName')}`
      : output('baseUrl'),
    region: output('region'),
    functionName: output('functionName'),
    logGroupName: output('logGroupName'),
    sessionTableName: output('sessionTableName'),
    rateLimitTableName: output('rateLimitTableName'),
    signingSecretArn: output('signingSecretArn'),
  };
};

const outputNames = {
  baseUrl: 'base_url',
  apiId: 'api_id',
  stageName: 'stage_name',
  region: 'region',
  functionName: 'function_name',
  logGroupName: 'log_group_name',
  sessionTableName: 'session_table_name',
  rateLimitTableName: 'ratelimit_table_name',
  signingSecretArn: 'token_signing_secret_arn',
} as const;
