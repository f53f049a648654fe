import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Permission } from '../../../handler/compiler/permissions.ts';
import { compileFiles } from '../../../handler/compiler/testing/compile-files.ts';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import { contractsByFeature } from './contracts-by-feature.ts';
import reference from './iam-reference.json' with { type: 'json' };
import { initWithoutBackend, terraformIn } from './terraform-modules.ts';

/** A statement of a policy, as the module github-oidc writes them. */
interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Permissions = readonly (string | readonly string[])[];

const permissionsOfResources = parse(
  readFileSync(join(import.meta.dirname, 'permissions-of-resources.yaml'), 'utf8'),
) as Readonly<Record<string, Permissions | undefined>>;

describe('the roles for GitHub Actions', () => {
  let role: readonly Statement[];
  let boundary: readonly Statement[];
  beforeAll(async () => {
    ({ role, boundary } = await statementsOfTheModule());
  }, 300_000);

  it('have statements', () => {
    expect(role.length).toBeGreaterThan(10);
    expect(boundary.length).toBeGreaterThan(3);
  });

  it('may do what Terraform does to each type of resource that the root declares', () => {
    expect(missingPermissions(declaredTypes(), role)).toEqual([]);
  });

  it('have a boundary that denies nothing that the function’s role gets', () => {
    expect(missingFromBoundary(boundary)).toEqual([]);
  });

  it('have no statement that AWS would not grant', () => {
    expect([...role, ...boundary].flatMap(contradictionsOf)).toEqual([]);
  });
});

const statement = (more: Partial<Statement>): Statement => ({
  Sid: 'Some',
  Action: ['kms:Encrypt'],
  Resource: ['arn:aws:kms:*:123456789012:key/*'],
  ...more,
});

describe('what a role lacks', () => {
  it('is each action that a declared type of resource needs and no statement has', () => {
    const [problem] = missingPermissions(
      ['resource aws_kms_alias'],
      [statement({ Action: ['kms:CreateAlias', 'kms:ListAliases', 'kms:UpdateAlias'] })],
    );
    expect(problem).toBe('resource aws_kms_alias: no role may kms:DeleteAlias');
  });

  it('includes the use of a key by a table that is encrypted under it', () => {
    const [problem] = missingPermissions(['resource aws_dynamodb_table'], []);
    expect(problem).toMatch(/kms:Encrypt.*kms:ReEncryptFrom.*kms:GenerateDataKey.*kms:CreateGrant/);
  });

  it('is unknown for a type that is not listed', () => {
    expect(missingPermissions(['resource aws_sqs_queue'], [])).toEqual([
      'resource aws_sqs_queue: permissions-of-resources.yaml does not have it',
    ]);
  });
});

describe('a statement that AWS would not grant', () => {
  it.each<[string, Partial<Statement>, string]>([
    [
      'names a resource for an action that has none',
      { Action: ['kms:CreateKey'] },
      'kms:CreateKey has no resource to name',
    ],
    [
      'names a resource of another type',
      { Resource: ['arn:aws:kms:*:123456789012:alias/postern-dev'] },
      'kms:Encrypt is about none of',
    ],
    [
      'names composite alarms',
      {
        Action: ['cloudwatch:PutCompositeAlarm'],
        Resource: ['arn:aws:cloudwatch:*:123456789012:alarm:postern-dev-*'],
      },
      'AWS grants cloudwatch:PutCompositeAlarm on * alone',
    ],
    [
      'has a condition that the action does not know',
      { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } },
      'kms:Encrypt does not know the condition iam:PassedToService',
    ],
    [
      'has an action that does not exist',
      { Action: ['kms:EncryptAll'] },
      'kms:EncryptAll is not in iam-reference.json',
    ],
  ])('%s', (_, more, problem) => {
    expect(contradictionsOf(statement(more))).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, Partial<Statement>]>([
    [
      'a key by its tags',
      { Condition: { StringEquals: { 'aws:ResourceTag/Project': 'postern' } } },
    ],
    ['everything', { Resource: ['*'] }],
    [
      'a log stream within a log group',
      {
        Action: ['logs:PutLogEvents'],
        Resource: ['arn:aws:logs:*:123456789012:log-group:/aws/lambda/postern-dev:*'],
      },
    ],
  ])('is not one that names %s', (_, more) => {
    expect(contradictionsOf(statement(more))).toEqual([]);
  });
});

/** Actions that a type of resource needs and no statement has, and types whose needs are not listed. */
const missingPermissions = (
  types: readonly string[],
  statements: readonly Statement[],
): string[] => {
  const granted = new Set(statements.flatMap(({ Action }) => Action));
  return types.flatMap((type) => {
    const needed = permissionsOfResources[type]?.flat();
    if (needed === undefined) return [`${type}: permissions-of-resources.yaml does not have it`];
    const missing = needed.filter((action) => !granted.has(action));
    return missing.length === 0 ? [] : [`${type}: no role may ${missing.join(', ')}`];
  });
};

/** Permissions of a deployment's roles that the boundary denies: the roles would fail. */
const missingFromBoundary = (boundary: readonly Statement[]): string[] => {
  const granted = new Set(boundary.flatMap(({ Action }) => Action));
  const ofExperiments = ['s3:GetObject', 's3:ListBucket']; // Deployed by hand, without a boundary.
  const given = [
    ...['lambda/role.tf', 'gateway/permissions.tf'].flatMap((file) =>
      actionsIn(file)
        .filter((action) => !ofExperiments.includes(action))
        .map((action) => [action, `modules/${file}`] as const),
    ),
    ...Object.entries(contractsByFeature).flatMap(([name, text]) =>
      actionsOf(text).map((action) => [action, `a contract with ${name}`] as const),
    ),
  ];
  return given
    .filter(([action]) => !granted.has(action))
    .map(([action, source]) => `the boundary has not ${action}, which ${source} gives`);
};

const actionsIn = (file: string): readonly string[] => {
  const text = readFileSync(join(terraformFolder, 'modules', file), 'utf8');
  return [...text.matchAll(/\bactions? += \[([^\]]+)\]/gi)].flatMap(
    ([, list = '']) => list.match(/[a-z0-9]+:[A-Za-z]+/g) ?? [],
  );
};

const actionsOf = (text: string): readonly string[] => {
  const compilation = compileFiles({ 'gateway.yaml': text });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return (compilation.summary['permissions'] as readonly Permission[]).flatMap(
    ({ actions }) => actions,
  );
};

/** What makes a statement grant nothing, by AWS's service authorization reference, without a word of AWS's own. */
const contradictionsOf = ({ Sid, Action, Resource, Condition }: Statement): string[] => {
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

/** Of the modules that a role for GitHub Actions deploys. The bootstrap, extras/ and a user pool are applied by people. */
const declaredTypes = (): string[] => {
  const byHand = ['github-oidc', 'identity', 'remote-state'];
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

/** The policies as Terraform writes them: those of a run of the module's own tests. */
const statementsOfTheModule = async () => {
  const folder = join(terraformFolder, 'modules', 'github-oidc');
  const settings = { data: 'permissions' };
  await terraformIn(folder, initWithoutBackend, settings);
  const args = ['test', '-json', '-verbose', '-filter=tests/permissions.tftest.hcl'];
  const { stdout } = await terraformIn(folder, args, settings);
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
