import type { FaultInjection } from './inject-faults.ts';

/** Where faults are not allowed, the gateway's parts stay as they are, and nothing is read or asked. */
export const noFaults: FaultInjection = {
  invocation: (handle) => handle,
  match: (match) => match,
  dynamoDb: (dynamoDb) => dynamoDb,
  connect: (connect) => connect,
  log: (log) => log,
};
