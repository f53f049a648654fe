import { describe, expect, it } from '@jest/globals';
import type { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { sessionTablesOf } from './published-versions.ts';

describe('sessionTablesOf', () => {
  const lambda = (tables: Record<string, string>) =>
    ({
      send: async ({ input }: GetFunctionConfigurationCommand) => ({
        Environment: {
          Variables: { GATEWAY_SESSION_TABLE_NAME: tables[input.Qualifier ?? ''] },
        },
      }),
    }) as never;

  it('names both tables while a release moves the traffic to a restored one', async () => {
    const tables = { '7': 'sessions', '8': 'sessions-restored' };
    expect(await sessionTablesOf(lambda(tables), 'gateway', ['7', '8'])).toEqual([
      'sessions',
      'sessions-restored',
    ]);
  });

  it('names a table once that both versions read', async () => {
    expect(
      await sessionTablesOf(lambda({ '7': 'sessions', '8': 'sessions' }), 'gateway', ['7', '8']),
    ).toEqual(['sessions']);
  });
});
