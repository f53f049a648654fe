import { describe, expect, it } from '@jest/globals';
import { mergedPermissions } from './permissions.ts';

describe('the permissions of several parts', () => {
  it('name each resource once, with the actions of all parts', () => {
    expect(
      mergedPermissions([
        { store: 'sessions', actions: ['dynamodb:UpdateItem'] },
        { upstream: 'orders', actions: ['sqs:SendMessage'] },
        { store: 'sessions', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
        { upstream: 'orders', actions: ['sqs:SendMessage'] },
      ]),
    ).toEqual([
      { store: 'sessions', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
      { upstream: 'orders', actions: ['sqs:SendMessage'] },
    ]);
  });

  it('are the same text in whatever order the parts say them', () => {
    const [one, another] = [
      mergedPermissions([
        { secret: 'signing', actions: ['secretsmanager:GetSecretValue'] },
        { store: 'rate-limits', leadingKeys: ['b/*', 'a/*'], actions: ['dynamodb:GetItem'] },
      ]),
      mergedPermissions([
        { actions: ['dynamodb:GetItem'], leadingKeys: ['a/*', 'b/*'], store: 'rate-limits' },
        { actions: ['secretsmanager:GetSecretValue'], secret: 'signing' },
      ]),
    ];
    expect(JSON.stringify(one)).toBe(JSON.stringify(another));
  });

  it('say nothing of some items that they permit on all', () => {
    expect(
      mergedPermissions([
        {
          store: 'rate-limits',
          leadingKeys: ['issuer-keys/*'],
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        },
        { store: 'rate-limits', leadingKeys: ['quotas/*'], actions: ['dynamodb:UpdateItem'] },
        { store: 'rate-limits', actions: ['dynamodb:UpdateItem'] },
        { store: 'sessions', actions: ['dynamodb:GetItem'] },
      ]),
    ).toEqual([
      { store: 'rate-limits', leadingKeys: ['issuer-keys/*'], actions: ['dynamodb:GetItem'] },
      { store: 'sessions', actions: ['dynamodb:GetItem'] },
      { store: 'rate-limits', actions: ['dynamodb:UpdateItem'] },
    ]);
  });

  it('have no wildcard', () => {
    expect(() => mergedPermissions([{ upstream: 'orders', actions: ['sqs:Send*'] }])).toThrow(
      'Not exact: sqs:Send*',
    );
  });
});
