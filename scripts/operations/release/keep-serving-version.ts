import type { LambdaClient } from '@aws-sdk/client-lambda';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { LiveAlias } from './live-alias.ts';
import { type VersionSettings, versionSettings } from './published-versions.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { terraform } from '../../stack/terraform/terraform.ts';

/** The versions that the alias sends requests to. An apply replaces neither them nor their settings. */
export const servingVersions = async (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  alias: Pick<LiveAlias, 'read'>,
): Promise<readonly VersionSettings[]> => {
  const { version, also } = await alias.read();
  const versions = also === undefined ? [version] : [version, also.version];
  return Promise.all(versions.map((one) => versionSettings(lambda, functionName, one)));
};

/** Whether a plan deletes resources that `keepWhatServes` protects. Only then the serving version is read. */
export const deletesGuarded = (plan: TerraformPlan): boolean =>
  deletedOf(plan, 'aws_dynamodb_table').length + deletedOf(plan, 'aws_kms_key').length > 0;

/** What messages tell a user to run or to edit. */
interface InMessages {
  readonly variablesFile: string;
  readonly region: string;
  /** Terraform with the data of the environment. */
  readonly terraform: string;
}

/**
 * Throws where a plan deletes a table that a serving version uses, or a key under which something that stays is
 * encrypted. A deleted key is unusable at once, independent of its deletion window.
 */
export const keepServingVersion = (
  plan: TerraformPlan,
  serving: readonly VersionSettings[],
  { variablesFile, terraform: command }: InMessages,
): void => {
  for (const { address, change } of deletedOf(plan, 'aws_dynamodb_table')) {
    const name = String(change.before?.['name']);
    const reader = serving.find(({ sessionTable }) => sessionTable === name);
    if (reader) throw new CommandError(tableInUse(name, reader.version, variablesFile));
    const user = serving.find(({ furtherTables }) => furtherTables.includes(name));
    if (user)
      throw new CommandError(
        furtherTableInUse(name, user.version, `${command} state rm '${address}'`),
      );
  }
  for (const { address, change } of deletedOf(plan, 'aws_kms_key')) {
    const arn = String(change.before?.['arn']);
    const users = [
      ...serving
        .filter(({ keyArn }) => keyArn === arn)
        .map(({ version }) => `version ${version} of the function, which serves`),
      ...usersOf(plan, arn).filter((user) => user !== address),
    ];
    if (users.length > 0) throw new CommandError(keyInUse(arn, users, variablesFile));
  }
};

/**
 * Throws where a plan deletes a table that deletion protection keeps: DynamoDB would refuse it after the rest was applied.
 */
export const requireDeletable = (
  plan: TerraformPlan,
  { region, terraform: command }: InMessages,
): void => {
  const tables = deletedOf(plan, 'aws_dynamodb_table')
    .filter(({ change }) => change.before?.['deletion_protection_enabled'] === true)
    .map(({ address, change }) => ({ address, name: String(change.before?.['name']) }));
  if (tables.length === 0) return;
  const unprotect = `aws dynamodb update-table --no-deletion-protection-enabled --region ${region} --table-name`;
  throw new CommandError(
    [
      `The plan deletes ${tables.map(({ name }) => name).join(' and ')}, which deletion protection keeps. Nothing was changed.`,
      'To delete it with all its items:',
      ...tables.map(({ name }) => `  ${unprotect} ${name}`),
      'To keep it outside Terraform:',
      ...tables.map(({ address }) => `  ${command} state rm '${address}'`),
      'Then the same command again.',
    ].join('\n'),
  );
};

const deletedOf = ({ resource_changes: changes = [] }: TerraformPlan, type: string) =>
  changes.filter((change) => change.type === type && change.change.actions.includes('delete'));

/** Resources that are encrypted under the key until this plan is applied, and stay. */
const usersOf = (
  { resource_changes: changes = [] }: TerraformPlan,
  keyArn: string,
): readonly string[] =>
  changes.filter((change) => stays(change) && names(change.change.before, keyArn)).map(addressOf);

const stays = ({ type, change: { actions } }: ResourceChange): boolean =>
  type !== 'aws_kms_alias' && !actions.includes('delete');

const names = (value: unknown, text: string): boolean =>
  value === text ||
  (typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((part) => names(part, text)));

const addressOf = ({ address }: ResourceChange): string => address;

const tableInUse = (name: string, version: string, variablesFile: string): string =>
  `The plan deletes ${name}, and version ${version} of the function, which serves, reads its sessions there: ` +
  'signed-in users would get 503. Nothing was changed.\n' +
  `Keep the table until a release has moved the traffic on: in ${variablesFile}, add it to\n` +
  `  kept_sessions_tables = ["${name}"]`;

const furtherTableInUse = (name: string, version: string, forget: string): string =>
  `The plan deletes ${name}, and version ${version} of the function, which serves, uses it. Nothing was changed.\n` +
  'Take it out of the state, and delete it once a release has moved the traffic on:\n' +
  `  ${forget}`;

const keyInUse = (arn: string, users: readonly string[], variablesFile: string): string =>
  `The plan deletes the key ${arn}, and these need it:\n` +
  `${users.map((user) => `  ${user}`).join('\n')}\n` +
  `Nothing was changed. Do it in two steps: first set in ${variablesFile}\n` +
  '  customer_managed_key        = false\n' +
  '  retain_customer_managed_key = true\n' +
  'and release. Take the second line out when no version, backup (35 days) or log line that you want to read is ' +
  'older than that release.';

/** The used part of a saved plan's JSON: https://developer.hashicorp.com/terraform/internals/json-format */
export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    /** `["no-op"]`, `["update"]`, `["delete", "create"]` and so on. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
  };
}

export const readPlan = async (
  environment: Environment,
  planFile: string,
): Promise<TerraformPlan> => {
  const { stdout } = await terraform(environment, ['show', '-json', planFile]);
  return JSON.parse(stdout) as TerraformPlan;
};
