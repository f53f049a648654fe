import type { SettingsReader } from '../environment.ts';
import type { Attempt } from '../transport/attempt.ts';
import type { Connect } from '../transport/connections.ts';
import { regionalEndpoint } from './json-client.ts';
import { type AwsCredentials, createSigner, type Headers } from './signature-v4.ts';

export interface ServiceRequest {
  readonly headers: Headers;
  readonly body: string;
}

/** One service of AWS, or one resource of it, that takes signed POST requests. */
export interface AwsService {
  /** One attempt. Never rejects, and takes no longer than to the deadline in epoch milliseconds. */
  send(request: ServiceRequest, deadlineMs: number): Promise<Attempt>;
}

interface Address {
  /** As AWS names it in signatures and host names, such as `lambda`. */
  readonly service: string;
  /** Each segment encoded, as in the request line. */
  readonly path?: string;
  /** Before the host of AWS's own endpoint, such as `sync-`. */
  readonly hostPrefix?: string;
}

interface Tools {
  readonly connect: Connect;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Of a response. A larger one is not read to its end. */
  readonly maxBodyBytes: number;
}

/** Reads where the service is before the tools are there. The credentials are those of the function's role. */
export const awsService = (
  { service, path = '/', hostPrefix = '' }: Address,
  reader: SettingsReader,
): ((tools: Tools) => AwsService) => {
  const region = reader.variables['AWS_REGION'] ?? '';
  const endpoint = endpointOf(service, reader);
  return ({ connect, now, maxBodyBytes }) => {
    const url = endpoint ?? regionalEndpoint(hostPrefix + service, region);
    const connections = connect(url, { now, maxBodyBytes, maxIdleMs });
    const sign = createSigner({ region, service }, canonicalPath(path));
    return {
      send: async ({ headers, body }, deadlineMs) => {
        const credentials = roleCredentials(reader);
        const signed = sign({ ...headers, host: url.host }, body, credentials, now());
        const list = ['content-length', String(Buffer.byteLength(body))];
        for (const name in signed) list.push(name, signed[name] ?? '');
        const attempt = await connections.send(
          { method: 'POST', path, headers: list, body },
          deadlineMs,
        );
        // The other connections are as old as the one that failed, perhaps of before the environment was last frozen.
        if (attempt.kind === 'failed') connections.closeIdle();
        return attempt;
      },
    };
  };
};

/** Replaces AWS's own endpoint of a service, for example with a local emulator's. */
export const endpointOf = (service: string, { read, variables }: SettingsReader): URL | undefined =>
  [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL']
    .filter((name) => variables[name])
    .map((name) =>
      read(name, 'an http or https URL', (text) =>
        URL.canParse(text) ? new URL(text) : undefined,
      ),
    )[0];

/** Those of the function's role. */
export const roleCredentials = ({ variables }: SettingsReader): AwsCredentials => ({
  accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
  sessionToken: variables['AWS_SESSION_TOKEN'] || undefined,
});

/** AWS keeps idle connections for longer than this. */
const maxIdleMs = 20_000;

const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
