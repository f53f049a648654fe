import { LambdaClient } from '@aws-sdk/client-lambda';
import type { ListedRoute } from '../../../handler/compiler/list-routes.ts';
import { healthPath } from '../../stack/build/built-in-path.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import {
  readObject,
  readStateBackend,
  stackOf,
  type State,
} from '../../stack/terraform/state-backend.ts';
import { findState } from '../../stack/terraform/state-versions.ts';
import { liveAlias } from '../release/live-alias.ts';
import { readReleaseOutputs } from '../release/release-outputs.ts';

/**
 * The routes of the version that gets the requests. After a rollback it is not the one of the last apply, so its routes
 * are read from the state of the apply that published it. Undefined if that state is not kept any more.
 */
export const servingRoutes = async (
  environment: Environment,
): Promise<readonly ListedRoute[] | undefined> => {
  const { region, functionName } = await readDeployment(environment);
  const { aliasName } = await readReleaseOutputs(environment);
  const lambda = new LambdaClient(awsClientOptions(environment, region));
  const { version } = await liveAlias(lambda, functionName, aliasName).read();
  const isMeant = published(functionName, version);
  const backend = await readStateBackend(environment);
  const newest = parsed(await readObject(environment, backend, backend.key));
  // The usual case, which needs no permission to list the older states.
  const state = newest && isMeant(newest) ? newest : await findState(environment, backend, isMeant);
  const routes = state && stackOf(state)['contract_routes'];
  return typeof routes === 'string' ? (JSON.parse(routes) as readonly ListedRoute[]) : undefined;
};

const parsed = (text: string | undefined): State | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as State);

export const servingHealthPath = async (environment: Environment): Promise<string> =>
  healthPath((await servingRoutes(environment)) ?? []);

interface FunctionResource {
  readonly type?: string;
  readonly instances?: ReadonlyArray<{
    readonly attributes?: { readonly function_name?: string; readonly version?: string };
  }>;
}

/** Whether the last version that the apply of this state published is the one that is meant. */
export const published =
  (functionName: string, version: string) =>
  ({ resources }: Pick<State, 'resources'>): boolean =>
    (resources as readonly FunctionResource[]).some(
      ({ type, instances = [] }) =>
        type === 'aws_lambda_function' &&
        instances.some(
          ({ attributes }) =>
            attributes?.function_name === functionName && attributes.version === version,
        ),
    );
