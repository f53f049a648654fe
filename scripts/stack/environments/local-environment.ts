import { join } from 'node:path';
import { CommandError } from '../command-line/command-error.ts';
import { workFolder } from '../command-line/folders.ts';
import { newSecret, readSecret } from '../local-cloud/secret.ts';

/** The local cloud: an emulator of AWS on this machine, or the one that `AWS_ENDPOINT_URL` names. */
export interface LocalCloud {
  readonly port: number;
  /** The port where it is not the usual one. */
  readonly chosenPort: number | undefined;
  readonly endpoint: string;
  readonly accountId: string;
  /** Whether it is for these commands to start, stop and wipe. */
  readonly isOurs: boolean;
  /** Of the stack: the one that was kept for it, or a new one for a stack that is about to start. */
  readonly secret: string;
}

interface LocalEnvironment {
  readonly folder: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly local: LocalCloud;
}

export const usualPort = 4566;
/** The demo upstreams use the ports after the cloud's own. */
const portsInARow = 5;

/** A stack has its port, its account and its folder for itself, so that several can run side by side. */
export const localEnvironment = (given: Readonly<NodeJS.ProcessEnv>): LocalEnvironment => {
  const port = portFrom(given['LOCAL_PORT'] || String(usualPort));
  const foreignEndpoint = given['AWS_ENDPOINT_URL'] || undefined;
  const folder = join(workFolder, given['LOCAL_FOLDER'] || `local-${port}`);
  const local: LocalCloud = {
    port,
    chosenPort: port === usualPort ? undefined : port,
    endpoint: (foreignEndpoint ?? `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
    accountId: accountFrom(given['LOCAL_ACCOUNT_ID'] || '000000000000'),
    isOurs: foreignEndpoint === undefined,
    secret: given['LOCAL_SECRET'] || readSecret(folder) || newSecret(),
  };
  return {
    folder,
    variables: { ...withoutAws(given), ...awsVariables(local, given) },
    local,
  };
};

/** Real credentials and profiles never reach an emulator. */
const withoutAws = (given: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('AWS_')));

/** The id of the only key that the emulator of a stack accepts as the account itself. */
export const rootKeyId = ({ accountId }: Pick<LocalCloud, 'accountId'>): string =>
  `LOCAL${accountId}`;

const awsVariables = (
  local: LocalCloud,
  given: Readonly<NodeJS.ProcessEnv>,
): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: local.endpoint,
  AWS_EC2_METADATA_DISABLED: 'true',
  ...(local.isOurs
    ? { AWS_ACCESS_KEY_ID: rootKeyId(local), AWS_SECRET_ACCESS_KEY: local.secret }
    : foreignCredentials(local, given)),
});

/** Otherwise MiniStack and LocalStack use an access key of twelve digits as the account, with any secret. */
const foreignCredentials = (
  { accountId }: LocalCloud,
  given: Readonly<NodeJS.ProcessEnv>,
): NodeJS.ProcessEnv =>
  given['AWS_ACCESS_KEY_ID']
    ? {
        AWS_ACCESS_KEY_ID: given['AWS_ACCESS_KEY_ID'],
        AWS_SECRET_ACCESS_KEY: given['AWS_SECRET_ACCESS_KEY'],
        ...(given['AWS_SESSION_TOKEN'] ? { AWS_SESSION_TOKEN: given['AWS_SESSION_TOKEN'] } : {}),
      }
    : { AWS_ACCESS_KEY_ID: accountId, AWS_SECRET_ACCESS_KEY: 'local' };

const portFrom = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port + portsInARow <= 65_536) return port;
  throw new CommandError(
    `LOCAL_PORT is "${text}"; it is a number from 1024 to ${65_536 - portsInARow}, such as 4666.`,
  );
};

const accountFrom = (text: string): string => {
  if (/^\d{12}$/.test(text)) return text;
  throw new CommandError(`LOCAL_ACCOUNT_ID is "${text}"; an AWS account id has twelve digits.`);
};
