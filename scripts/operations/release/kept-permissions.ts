import { LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readStack, type Stack } from '../../stack/terraform/state-backend.ts';
import { liveAlias, type Traffic } from './live-alias.ts';

/** What the role permits beside the contract's own: JSON by the number of the version that needs it. */
type KeptPermissions = Readonly<Record<string, string>>;

/**
 * The environment with Terraform's variable `kept_permissions`: an apply changes the role before a release moves the
 * traffic, and takes nothing from a version that serves or to which a rollback returns. Without `readsAlias`, the state
 * alone says which these were. A root module without the variable ignores it.
 */
export const withKeptPermissions = async (
  environment: Environment,
  { readsAlias = true } = {},
): Promise<Environment> => {
  const stack = await readStack(environment);
  const kept = stack === undefined ? {} : await keptIn(environment, stack, readsAlias);
  const variables = { ...environment.variables, TF_VAR_kept_permissions: asTerraform(kept) };
  return { ...environment, variables };
};

const keptIn = async (
  environment: Environment,
  stack: Stack,
  readsAlias: boolean,
): Promise<KeptPermissions> => {
  const { region, function_name: functionName, alias_name: aliasName } = stack;
  if (!readsAlias) return keptBefore(stack);
  // A failed first apply has none of these.
  if (typeof functionName !== 'string' || typeof aliasName !== 'string') return {};
  const lambda = new LambdaClient(awsClientOptions(environment, String(region)));
  try {
    return keptPermissions(stack, await liveAlias(lambda, functionName, aliasName).read());
  } catch (error) {
    // Nothing serves: the apply makes it again.
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
};

/**
 * A version that the state does not list needs what its last apply permitted: the state lists only those that need
 * something else. Stacks of 0.1 do not say what that was.
 */
export const keptPermissions = (stack: Stack, traffic: Traffic): KeptPermissions => {
  const { permissions } = stack;
  if (typeof permissions !== 'string') return {};
  const before = keptBefore(stack);
  return Object.fromEntries(
    mayServe(traffic).map((version) => [version, before[version] ?? permissions]),
  );
};

const keptBefore = (stack: Stack): KeptPermissions =>
  (stack['kept_permissions'] ?? {}) as KeptPermissions;

const mayServe = ({ version, also, servedBefore, release }: Traffic): readonly string[] => [
  ...new Set([
    version,
    ...(also === undefined ? [] : [also.version]),
    ...(release === undefined ? [] : [release.version]),
    ...servedBefore,
  ]),
];

/** Terraform reads a map from its environment as an expression, in which `${` and `%{` begin a template. */
export const asTerraform = (kept: KeptPermissions): string =>
  JSON.stringify(kept).replaceAll(/[$%](?=\{)/g, '$&$&');
