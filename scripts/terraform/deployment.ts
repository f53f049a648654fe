import { Fault } from '../command-line/fault.ts';
import { type Environment, spelledOut } from '../environments/environment.ts';
import { requireCloud } from '../local-cloud/cloud.ts';
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
  if (environment.local) await requireCloud({ ...environment, local: environment.local });
  await initialise(environment);
  const { stdout } = await terraform(environment, ['output', '-json']);
  const outputs = JSON.parse(stdout) as Readonly<Record<string, { value: unknown } | undefined>>;
  const output = (name: string): string => {
    const value = outputs[name]?.value;
    if (typeof value === 'string') return value;
    throw new Fault(
      `Nothing is deployed in ${environment.name}. Deploy it: make deploy ${spelledOut(environment)}`,
    );
  };
  return {
    // An emulator's host names (<api>.execute-api.localhost) resolve for some clients only; its paths for all.
    baseUrl: environment.local
      ? `${environment.local.endpoint}/_aws/execute-api/${output('api_id')}/${output('stage_name')}`
      : output('base_url'),
    region: output('region'),
    functionName: output('function_name'),
    logGroupName: output('log_group_name'),
    sessionTableName: output('session_table_name'),
    rateLimitTableName: output('ratelimit_table_name'),
    signingSecretArn: output('token_signing_secret_arn'),
  };
};
