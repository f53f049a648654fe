import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import { type Check, failed, passed } from './check.ts';
import reference from './iam-reference.json' with { type: 'json' };
import { permissionsOfResources } from './permissions-of-resources.ts';
import { terraformIn } from './terraform-checks.ts';

/** A statement of a policy, as the module github-oidc writes them. */
export interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The roles for GitHub Actions: complete for all that the root declares, and nothing granted that AWS would not grant. */
export const permissionsCheck: Check = {
  name: 'permissions of the roles for GitHub Actions',
  run: async () => {
    const { role, boundary } = await statementsOfTheModule();
    const problems = [
      ...missingPermissions(declaredTypes(), role),
      ...missingFromBoundary(boundary),
      ...[...role, ...boundary].flatMap(contradictionsOf),
    ];
    return problems.length === 0
      ? { ...passed, passed: role.length + boundary.length }
      : failed(problems.join('\n'));
  },
};

/** Actions that a type of resource needs and no statement has, and types whose needs are not listed. */
export const missingPermissions = (
  types: readonly string[],
  statements: readonly Statement[],
): string[] => {
  const granted = new Set(statements.flatMap(({ Action }) => Action));
  return types.flatMap((type) => {
    const needed = permissionsOfResources[type];
    if (needed === undefined) return [`${type}: permissions-of-resources.ts does not have it`];
    const missing = needed.filter((action) => !granted.has(action));
    return missing.length === 0 ? [] : [`${type}: no role may ${missing.join(', ')}`];
  });
};

/** Permissions of a deployment's roles that the boundary denies: the roles would fail. */
const missingFromBoundary = (boundary: readonly Statement[]): string[] => {
  const granted = new Set(boundary.flatMap(({ Action }) => Action));
  const ofExperiments = ['s3:GetObject', 's3:ListBucket']; // Deployed by hand, without a boundary.
  const file = 'modules/lambda/role.tf';
  const text = readFileSync(join(terraformFolder, file), 'utf8');
  return [...text.matchAll(/^ +Action += \[([^\]]+)\]/gm)]
    .flatMap(([, list = '']) => list.match(/[a-z0-9]+:[A-Za-z]+/g) ?? [])
    .filter((action) => !granted.has(action) && !ofExperiments.includes(action))
    .map((action) => `the boundary has not ${action}, which ${file} gives`);
};

/** What makes a statement grant nothing, by AWS's service authorization reference, without a word of AWS's own. */
export const contradictionsOf = ({ Sid, Action, Resource, Condition }: Statement): string[] => {
  const keys = Object.values(Condition ?? {}).flatMap((operands) => Object.keys(operands));
  return Action.flatMap((action) => {
    const known = actions[action];
    if (known === undefined) return [`${Sid}: ${action} is not in iam-reference.json`];
    if (!Resource.includes('*') && onEverything.includes(action))
      return [`${Sid}: AWS grants ${action} on * alone`];
    const types = typesOf(action).filter(({ arns }) =>
      Resource.some((resource) => arns.some((arn) => canBe(resource, arn))),
    );
    const isOnEverything = Resource.includes('*');
    if (typesOf(action).length === 0 && !isOnEverything)
      return [`${Sid}: ${action} has no resource to name, it has to be on *`];
    if (types.length === 0 && !isOnEverything && !isKnownFromReports(Sid, action))
      return [`${Sid}: ${action} is about none of ${Resource.join(', ')}`];
    const knownKeys = [...known.keys, ...types.flatMap((type) => type.keys)];
    return keys
      .filter((key) => !knownKeys.some((candidate) => isKey(key, candidate)))
      .map((key) => `${Sid}: ${action} does not know the condition ${key}`);
  });
};

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html; the reference differs.
 */
const onEverything = ['cloudwatch:PutCompositeAlarm'];

/** Actions that AWS requires but its reference does not list: the reports are next to the statements. */
const isKnownFromReports = (sid: string, action: string): boolean =>
  sid === 'TagApis' && action === 'apigateway:POST';

interface Known {
  readonly types: readonly string[];
  readonly keys: readonly string[];
}
interface ResourceType {
  readonly arns: readonly string[];
  readonly keys: readonly string[];
}
const actions: Readonly<Record<string, Known | undefined>> = reference.actions;
const resources: Readonly<Record<string, ResourceType | undefined>> = reference.resources;

const typesOf = (action: string): readonly ResourceType[] =>
  (actions[action]?.types ?? []).flatMap(
    (type) => resources[`${action.slice(0, action.indexOf(':'))} ${type}`] ?? [],
  );

/** Whether a resource of a statement can be one of this form, such as arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}. */
const canBe = (resource: string, form: string): boolean => {
  if (resource === '*') return true;
  const [ours, theirs] = [partsOf(resource), partsOf(form.replaceAll(/\$\{\w+\}/g, '*'))];
  return ours.every((part, index) => overlap(part, theirs[index] ?? ''));
};

/** The parts of an ARN up to the account, and the rest, which may contain colons. */
const partsOf = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Whether some text fits both patterns, in which * is any text. */
const overlap = (one: string, other: string): boolean => {
  if (one === '' || other === '') return /^\**$/.test(one + other);
  if (one[0] === '*') return overlap(one.slice(1), other) || overlap(one, other.slice(1));
  if (other[0] === '*') return overlap(other, one);
  return one[0] === other[0] && overlap(one.slice(1), other.slice(1));
};

/** A key in the reference may end in ${TagKey}. */
const isKey = (key: string, known: string): boolean =>
  known.endsWith('${TagKey}') ? key.startsWith(known.slice(0, -'${TagKey}'.length)) : key === known;

/** Of the modules that a role for GitHub Actions deploys. People apply the bootstrap and extras/ themselves. */
const declaredTypes = (): string[] => {
  const byHand = ['github-oidc', 'remote-state'];
  const modules = join(terraformFolder, 'modules');
  const folders = readdirSync(modules).filter((name) => !byHand.includes(name));
  const texts = [terraformFolder, ...folders.map((name) => join(modules, name))].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.tf'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const types = texts.flatMap((text) =>
    [...text.matchAll(/^(resource|data|ephemeral) "(aws_\w+)"/gm)].map(
      ([, kind, type]) => `${kind} ${type}`,
    ),
  );
  return [...new Set(types)].sort();
};

interface TestState {
  readonly type: string;
  readonly test_state?: {
    readonly root_module: {
      readonly resources: ReadonlyArray<{
        readonly type: string;
        readonly name: string;
        readonly values: { readonly policy?: string };
      }>;
    };
  };
}

/** The policies as Terraform writes them: those of the first run of the module's own tests. */
const statementsOfTheModule = async () => {
  const folder = join(terraformFolder, 'modules', 'github-oidc');
  await terraformIn(folder, ['init', '-backend=false', '-input=false', '-no-color']);
  const { stdout } = await terraformIn(folder, [
    'test',
    '-json',
    '-verbose',
    '-filter=tests/github-oidc.tftest.hcl',
  ]);
  const state = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TestState)
    .find(({ type }) => type === 'test_state')?.test_state;
  const policies = (state?.root_module.resources ?? []).filter(
    ({ type }) => type === 'aws_iam_policy',
  );
  const statementsOf = (isWanted: (name: string) => boolean) =>
    policies
      .filter(({ name }) => isWanted(name))
      .flatMap(
        ({ values }) =>
          (JSON.parse(values.policy ?? '') as { Statement: readonly Statement[] }).Statement,
      );
  return {
    role: statementsOf((name) => name !== 'boundary'),
    boundary: statementsOf((name) => name === 'boundary'),
  };
};
