import { describe, expect, it } from '@jest/globals';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { liveAlias } from './live-alias.ts';
import { fakeAlias } from './testing/fake-alias.ts';
import { changesProvisioning, requireNoWeights } from './check-plan.ts';
import {
  deletesGuarded,
  keepServingVersion,
  requireDeletable,
  type ResourceChange,
  servingVersions,
  type TerraformPlan,
} from './keep-serving-version.ts';

const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/1';
const restored = 'postern-dev-sessions-2026-11-21-103000';

const change = (
  address: string,
  actions: readonly string[],
  before: ResourceChange['change']['before'] = {},
): ResourceChange => ({
  address,
  type: address.split('.').find((part) => part.startsWith('aws_')) ?? '',
  change: { actions, before },
});
const planOf = (...changes: ResourceChange[]): TerraformPlan => ({ resource_changes: changes });
const deletedTable = change('module.tables.aws_dynamodb_table.this', ['delete'], {
  name: restored,
});
const deletedKey = change('module.encryption.aws_kms_key.this', ['delete'], { arn: keyArn });
const deletedAlias = change('module.encryption.aws_kms_alias.this', ['delete'], {
  target_key_arn: keyArn,
});

const serving = {
  version: '7',
  sessionTable: 'postern-dev-sessions',
  furtherTables: ['postern-dev-rate-limits', 'postern-dev-credentials'],
  keyArn: undefined,
};
const credentials = change(
  'module.gateway.module.tables.aws_dynamodb_table.this["credentials"]',
  ['delete'],
  { name: 'postern-dev-credentials', deletion_protection_enabled: true },
);
const inMessages = { variablesFile: 'dev.tfvars', region: 'us-east-1', terraform: 'terraform' };
const check =
  (plan: TerraformPlan, versions = [serving]) =>
  () =>
    keepServingVersion(plan, versions, inMessages);

describe('keepServingVersion', () => {
  it('refuses a plan that deletes the table from which a serving version reads sessions, and says how to keep it', () => {
    const reader = { ...serving, sessionTable: restored };
    expect(check(planOf(deletedTable), [serving, reader])).toThrow(
      `kept_sessions_tables = ["${restored}"]`,
    );
  });

  it('refuses a plan that deletes a table that only some contracts need while a version serves that uses it', () => {
    const plan = planOf(credentials);
    expect(check(plan)).toThrow('version 7 of the function, which serves, uses it');
    expect(check(plan, [{ ...serving, furtherTables: [] }])).not.toThrow();
  });

  it('lets a table go that no serving version reads', () => {
    expect(check(planOf(deletedTable))).not.toThrow();
  });

  it.each<[string, ResourceChange]>([
    [
      'a table',
      change('module.tables.aws_dynamodb_table.this', ['update'], {
        server_side_encryption: [{ enabled: true, kms_key_arn: keyArn }],
      }),
    ],
    ['a log group', change('aws_cloudwatch_log_group.this', ['no-op'], { kms_key_id: keyArn })],
  ])('refuses a plan that deletes the key of %s that stays', (_, user) => {
    const plan = planOf(deletedKey, deletedAlias, user);
    expect(check(plan)).toThrow(user.address);
    expect(check(plan)).toThrow('retain_customer_managed_key = true');
  });

  it('refuses a plan that deletes the key of a version that serves', () => {
    expect(check(planOf(deletedKey), [{ ...serving, keyArn } as never])).toThrow(
      'version 7 of the function',
    );
  });

  it('lets a key go that nothing uses any more, though the role still names it', () => {
    const role = change('aws_iam_role_policy.this', ['update'], { policy: `{"R":"${keyArn}"}` });
    expect(check(planOf(deletedKey, deletedAlias, role))).not.toThrow();
  });

  it('reads the serving version only if a table or a key is deleted', () => {
    expect(deletesGuarded(planOf(change('aws_dynamodb_table.this', ['update'])))).toBe(false);
    expect(deletesGuarded(planOf(change('aws_dynamodb_table.this', ['delete', 'create'])))).toBe(
      true,
    );
  });
});

describe('requireDeletable', () => {
  it('refuses a plan that deletes a protected table, and says how to delete it and how to keep it', () => {
    const plan = planOf(credentials);
    expect(() => requireDeletable(plan, inMessages)).toThrow(
      'aws dynamodb update-table --no-deletion-protection-enabled --region us-east-1 --table-name postern-dev-credentials\n',
    );
    expect(() => requireDeletable(plan, inMessages)).toThrow(
      `terraform state rm 'module.gateway.module.tables.aws_dynamodb_table.this["credentials"]'`,
    );
  });

  it('lets an unprotected table go', () => {
    expect(() => requireDeletable(planOf(deletedTable), inMessages)).not.toThrow();
  });
});

describe('servingVersions', () => {
  it('reads the settings of both versions while a release shares the requests', async () => {
    const { lambda: aliasOnly } = fakeAlias({
      FunctionVersion: '7',
      RoutingConfig: { AdditionalVersionWeights: { '8': 0.1 } },
      Description: '',
    });
    const lambda = {
      send: async (command: unknown) =>
        command instanceof GetFunctionConfigurationCommand
          ? {
              Environment: {
                Variables: {
                  GATEWAY_SESSION_TABLE_NAME: command.input.Qualifier,
                  GATEWAY_USAGE_TABLE_NAME: 'usage',
                },
              },
              KMSKeyArn: keyArn,
            }
          : aliasOnly.send(command as never),
    } as never;
    const alias = liveAlias(lambda, 'gateway', 'live');
    expect(await servingVersions(lambda, 'gateway', alias)).toEqual([
      { version: '7', sessionTable: '7', furtherTables: ['usage'], keyArn },
      { version: '8', sessionTable: '8', furtherTables: ['usage'], keyArn },
    ]);
  });
});

describe('a plan that changes provisioned concurrency', () => {
  const all = {
    FunctionVersion: '7',
    RoutingConfig: { AdditionalVersionWeights: {} },
    Description: 'Serves requests; served before: 5',
  };
  const aliasOf = (fake: ReturnType<typeof fakeAlias>) =>
    liveAlias(fake.lambda, 'gateway', 'live', { now: () => 0, pause: async () => undefined });

  it.each([['create'], ['update'], ['delete']])('is one that has to %s it', (action) => {
    const plan = planOf(
      change('module.function.aws_lambda_provisioned_concurrency_config.live', [action]),
    );
    expect(changesProvisioning(plan)).toBe(true);
    expect(changesProvisioning(planOf(change('aws_lambda_function.this', [action])))).toBe(false);
  });

  it('is refused while a release shares the requests', async () => {
    const fake = fakeAlias({
      FunctionVersion: '7',
      RoutingConfig: { AdditionalVersionWeights: { '8': 0.1 } },
      Description: 'Serves requests; releasing 8 until 2026-11-21T10:30:00Z',
    });
    await expect(requireNoWeights(aliasOf(fake), 'ENV=dev')).rejects.toThrow(
      'make rollback ENV=dev',
    );
  });

  it('waits for the weights that Lambda itself takes off', async () => {
    const fake = fakeAlias(all, { looks: 2 });
    fake.warmUp('5', 2);
    await expect(requireNoWeights(aliasOf(fake), 'ENV=dev')).resolves.toBeUndefined();
  });
});
