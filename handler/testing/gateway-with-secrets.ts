import { createHash, randomBytes } from 'node:crypto';
import type { Gateway } from '../src/gateway.ts';
import { captureOutput } from './captured-output.ts';
import { httpApiEvent, lambdaContext } from './events.ts';
import type { Behavior } from './fake-aws/behaviors.ts';
import { recordOf } from './hostile/invariants.ts';
import { awsFaults, type Plant, type Request, serviceFaults, waysIn } from './secret-slots.ts';
import { startStubServices } from './stub-services.ts';

export interface GatewayWithSecrets {
  readonly planted: readonly string[];
  readonly plant: Plant;
  /** Sends one request; the gateway's output is recorded below. */
  send(...request: Request): Promise<void>;
  /**
   * Puts secrets into every part of requests, of upstream responses and of AWS's responses, until there are this many.
   */
  plantEverywhere(atLeast: number): Promise<void>;
  /** Everything that was logged, including metrics, and each response of 400 or more. */
  readonly lines: string[];
  readonly clientErrors: string[];
  /** The secrets that the texts contain. */
  seenIn(texts: readonly string[]): readonly string[];
  stop(): Promise<void>;
}

/** The real handler, with services and an AWS that fail and leak all their data. */
export const startGatewayWithSecrets = async (
  start: (variables: Readonly<Record<string, string>>) => Gateway,
): Promise<GatewayWithSecrets> => {
  const planted: string[] = [];
  const plant: Plant = (slot) => {
    const digest = createHash('sha256').update(`${slot}${planted.length}`).digest('hex');
    const secret = `${slot}-${digest.slice(0, 24)}`;
    planted.push(secret);
    return secret;
  };
  const keyBytes = randomBytes(32);
  planted.push(keyBytes.toString('base64url'), keyBytes.toString('hex'));
  let awsFault: Behavior | undefined;
  const ofService = serviceFaults(plant);
  const stub = await startStubServices({
    keyBytes,
    service: (request, response) => {
      const [, fault = ''] = /\/users\/(\w+)/.exec(request.url ?? '') ?? [];
      const bytes = ofService[fault];
      if (bytes === undefined) response.end('{}');
      else response.socket?.end(bytes());
    },
  });
  stub.aws.behave((response, request) => (awsFault ?? stub.respond)(response, request));
  const output = captureOutput();
  const gateway = start({
    ...stub.environment,
    AWS_ACCESS_KEY_ID: plant('AKIA'),
    AWS_SECRET_ACCESS_KEY: plant('aws-secret'),
    AWS_SESSION_TOKEN: plant('aws-session'),
  });
  const lines: string[] = [];
  const clientErrors: string[] = [];
  const send = async (...request: Request): Promise<void> => {
    const result = await gateway(httpApiEvent(...request), lambdaContext(3_000));
    if ((result.statusCode ?? 500) >= 400) clientErrors.push(JSON.stringify(result));
    lines.push(...output.take());
  };
  return {
    planted,
    plant,
    send,
    plantEverywhere: async (atLeast) => {
      const token = await stub.signIn('alice');
      planted.push(token);
      const [ways, faults] = [waysIn(plant), awsFaults(plant)];
      for (let round = 0; planted.length < atLeast; round += 1) {
        for (const way of ways) await send(...way(token));
        awsFault = faults[round % faults.length];
        await send('GET', '/api/v1/users', { headers: { authorization: `Bearer ${token}` } });
        await send('GET', '/health/ready');
        awsFault = undefined;
      }
    },
    lines,
    clientErrors,
    seenIn: (texts) => {
      const all = texts.join('\n');
      return planted.filter((secret) => all.includes(secret));
    },
    stop: async () => {
      output.giveBack();
      await stub.stop();
    },
  };
};

/** Whether a line of the log is exactly one JSON record. */
export const isRecord = (line: string): boolean =>
  recordOf(line) !== undefined && line.indexOf('\n') === line.length - 1;
