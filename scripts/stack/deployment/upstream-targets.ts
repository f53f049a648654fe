import { relative } from 'node:path';
import type { Permission } from '../../../handler/compiler/permissions.ts';
import { parseArn } from '../../../handler/src/aws/arn.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { note, step } from '../command-line/step.ts';
import {
  type AwsClientOptions,
  awsClientOptions,
  requireCredentials,
} from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';
import { addressesOf, type BuiltFor } from './build-for.ts';
import { type AwsTarget, type Finding, lookUpTarget, type Place } from './look-up-target.ts';

type Built = Pick<BuiltFor, 'variables' | 'summary'>;

/**
 * Throws if a resource of AWS that the contract names does not exist in the account and the region of the environment.
 * What cannot be seen with the credentials of the deployer is a note. Nothing is changed.
 */
export const requireUpstreamTargets = async (
  environment: Environment,
  built: Built,
): Promise<void> => {
  const given = givenAddresses(built);
  if (given.length === 0) return;
  const region = String(built.variables['region']);
  await step('upstreams of AWS', async () => {
    const account = await requireCredentials(environment, region);
    await judgeTargets(given, {
      options: awsClientOptions(environment, region),
      place: { account, region },
      where: placeOf(environment),
    });
  });
};

interface Given extends Pick<AwsTarget, 'upstream' | 'kind' | 'actions'> {
  /** An ARN; of a function, also its name. */
  readonly address: string;
}

/** The upstreams that are resources of AWS and that the environment has; it is not of all that Terraform demands. */
const givenAddresses = ({ variables, summary }: Built): readonly Given[] => {
  const addresses = addressesOf(variables);
  const kinds = (summary['upstream_kinds'] ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(kinds).flatMap(([upstream, kind]) => {
    const address = addresses[upstream];
    if (address === undefined) return [];
    const actions = upstreamPermissions(summary)
      .filter((permission) => permission.upstream === upstream)
      .flatMap((permission) => permission.actions);
    return [{ upstream, kind, address, actions }];
  });
};

type UpstreamPermission = Extract<Permission, { readonly upstream: string }>;

/** What the contract needs of its upstreams. */
export const upstreamPermissions = (summary: Built['summary']): readonly UpstreamPermission[] =>
  ((summary['permissions'] ?? []) as readonly Permission[]).filter(
    (permission): permission is UpstreamPermission => 'upstream' in permission,
  );

/** Where a user corrects an address. */
export const placeOf = ({ variablesFile, settings }: Environment): string =>
  `${relative(projectFolder, variablesFile)}: ${settings === undefined ? 'upstream_service_urls' : 'upstreams'}`;

interface Surroundings {
  readonly options: AwsClientOptions;
  readonly place: Place;
  readonly where: string;
}

export const judgeTargets = async (
  given: readonly Given[],
  { options, place, where }: Surroundings,
): Promise<void> => {
  const findings = await Promise.all(
    given.map(async (each) => ({ ...each, ...(await judge(each, options, place)) })),
  );
  const said = (is: Finding['is']): readonly string[] =>
    findings.flatMap((each) =>
      each.is === is && each.is !== 'fine' ? [`  ${each.upstream}: ${each.text}`] : [],
    );
  const unknown = said('unknown');
  if (unknown.length > 0)
    note(
      `Whether these exist cannot be seen with your credentials; a request that reaches them will show it:\n${unknown.join('\n')}`,
    );
  const problems = said('problem');
  if (problems.length > 0)
    throw new CommandError(`${where} has what cannot be called:\n${problems.join('\n')}`);
};

const judge = async (
  { address, ...target }: Given,
  options: AwsClientOptions,
  place: Place,
): Promise<Finding> => {
  const arn = parseArn(address);
  // A function can be given by its name; Terraform reports what is no ARN at all.
  if (arn === undefined)
    return target.kind === 'lambda'
      ? lookUpTarget({ ...target, arn: address, resource: address }, options, place)
      : { is: 'fine' };
  const { region, accountId, resource, text } = arn;
  const isOwn = [place.region, ''].includes(region) && [place.account, ''].includes(accountId);
  if (isOwn) return lookUpTarget({ ...target, arn: text, resource }, options, place);
  return {
    is: 'problem',
    text: `${text} is in ${region} of the account ${accountId}: the gateway calls only what is in its own region and account, ${place.region} of ${place.account}`,
  };
};
