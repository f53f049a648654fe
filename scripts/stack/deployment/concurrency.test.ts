import { describe, expect, it } from '@jest/globals';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { type Concurrency, judgeConcurrency } from './concurrency.ts';

const account = (limit: number, unreserved: number, ownReserved?: number) => ({
  send: async (command: unknown) => {
    if (command instanceof GetAccountSettingsCommand) {
      return {
        AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved },
      };
    }
    if (!(command instanceof GetFunctionConcurrencyCommand)) throw new TypeError('unknown');
    if (ownReserved === undefined) {
      throw new ResourceNotFoundException({ message: 'no function', $metadata: {} });
    }
    return { ReservedConcurrentExecutions: ownReserved };
  },
});

const wanted: Concurrency = {
  functionName: 'postern-dev',
  region: 'us-east-1',
  reserved: 20,
  provisioned: 0,
};
const judge = (lambda: object, changes: Partial<Concurrency> = {}) =>
  judgeConcurrency(lambda as never, { ...wanted, ...changes }, 'dev.tfvars');

describe('the concurrency in the tfvars', () => {
  it.each([
    [
      'a new account, which can reserve nothing',
      account(10, 10),
      /Set reserved_concurrency = null in dev\.tfvars/,
    ],
    ['an account with a limit of 50', account(50, 50), /= null in dev\.tfvars/],
    [
      'an account that others have reserved',
      account(1_000, 110),
      /= null, or at most 10, in dev\.tfvars/,
    ],
  ])('is refused before anything is made in %s', async (_, lambda, message) => {
    await expect(judge(lambda)).rejects.toThrow(message);
  });

  it.each([
    ['an account with the usual limit', account(1_000, 1_000)],
    ['an account of which exactly so much is left', account(1_000, 120)],
    ['a function that has it already', account(1_000, 100, 20)],
  ])('is fine in %s', async (_, lambda) => {
    await expect(judge(lambda)).resolves.toBeUndefined();
  });

  it('counts provisioned concurrency if none is reserved', async () => {
    const changes = { reserved: undefined, provisioned: 2 };
    await expect(judge(account(10, 10), changes)).rejects.toThrow(
      'Set provisioned_concurrency = 0 in dev.tfvars',
    );
  });

  it('makes no call if the tfvars need no concurrency', async () => {
    const nobody = { send: () => Promise.reject(new Error('asked')) };
    await expect(judge(nobody, { reserved: undefined })).resolves.toBeUndefined();
  });

  it('is left to the apply if reading the account’s settings is not allowed', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const lambda = { send: () => Promise.reject(denied) };
    await expect(judge(lambda)).resolves.toBeUndefined();
  });
});
