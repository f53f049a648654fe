import { describe, expect, it } from '@jest/globals';
import { contradictionsOf, missingPermissions, type Statement } from './permissions-check.ts';

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
      'resource aws_sqs_queue: permissions-of-resources.ts does not have it',
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
