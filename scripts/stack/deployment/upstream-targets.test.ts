import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureOutput } from '../../../handler/testing/captured-output.ts';
import {
  type AwsRequest,
  type FakeAws,
  startFakeAws,
} from '../../../handler/testing/fake-aws/fake-aws.ts';
import { judgeTargets } from './upstream-targets.ts';

const account = '123456789012';
const region = 'us-east-1';
const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws();
});
afterAll(() => aws.stop());

/** AWS with one resource of each kind, called acme. */
const acme = (response: ServerResponse, request: AwsRequest): void => {
  const { target, path = '', body } = request;
  const about = decodeURIComponent(`${path} ${body}`);
  const send = (status: number, text: object | string): void => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(typeof text === 'string' ? text : JSON.stringify(text));
  };
  const missing = (code: string, status = 400): void =>
    send(status, path.startsWith('/20') ? { Type: 'User', Message: 'no' } : { __type: code });
  const isAcme = /acme/.test(about);
  if (target.endsWith('.GetQueueUrl'))
    return isAcme ? send(200, { QueueUrl: 'u' }) : missing('com.amazonaws.sqs#QueueDoesNotExist');
  if (target.endsWith('.DescribeEventBus'))
    return isAcme ? send(200, {}) : missing('ResourceNotFoundException');
  if (target.endsWith('.DescribeStateMachineAlias'))
    return about.includes(':live') ? send(200, {}) : missing('ResourceNotFound');
  if (target.endsWith('.DescribeStateMachine'))
    return isAcme
      ? send(200, { type: about.includes('express') ? 'EXPRESS' : 'STANDARD' })
      : missing('StateMachineDoesNotExist');
  if (path.startsWith('/2015-03-31/functions/')) {
    if (isAcme) return send(200, {});
    response.setHeader('x-amzn-errortype', 'ResourceNotFoundException');
    return missing('', 404);
  }
  if (body.includes('Action=GetTopicAttributes'))
    return isAcme
      ? send(200, '<GetTopicAttributesResponse/>')
      : send(404, '<ErrorResponse><Error><Code>NotFound</Code></Error></ErrorResponse>');
  if (!isAcme) return send(404, '<Error><Code>NoSuchBucket</Code></Error>');
  const there = about.includes('acme-west') ? 'us-west-2' : '';
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  send(
    200,
    `<?xml version="1.0"?><LocationConstraint xmlns="${xmlns}">${there}</LocationConstraint>`,
  );
};

const judge = (kind: string, address: string, actions: readonly string[] = []) => {
  const given = [{ upstream: 'shop', kind, address, actions }];
  return judgeTargets(given, {
    options: {
      region,
      endpoint: aws.endpoint.origin,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    },
    place: { account, region },
    where: 'terraform/environments/dev.tfvars: upstream_service_urls',
  });
};

const existing: ReadonlyArray<readonly [kind: string, address: string, what: string]> = [
  ['sqs', arnOf('sqs', 'acme'), 'queue'],
  ['sns', arnOf('sns', 'acme'), 'topic'],
  ['eventBridge', arnOf('events', 'event-bus/acme'), 'event bus'],
  ['lambda', arnOf('lambda', 'function:acme:live'), 'Lambda function'],
  ['lambda', 'acme:live', 'Lambda function'],
  ['stepFunctions', arnOf('states', 'stateMachine:acme'), 'state machine'],
  ['stepFunctions', arnOf('states', 'stateMachine:acme:live'), 'state machine'],
  ['stepFunctions', arnOf('states', 'stateMachine:acme:7'), 'state machine'],
  ['s3', 'arn:aws:s3:::acme-files', 'bucket'],
];

describe('the resources of AWS in the tfvars', () => {
  it.each(existing)('are accepted if they exist: %s %s', async (kind, address) => {
    aws.behave(acme);
    await expect(judge(kind, address)).resolves.toBeUndefined();
  });

  it.each(existing)(
    'are refused with the variable, the ARN and what to do if they do not exist: %s %s',
    async (kind, address, what) => {
      aws.behave(acme);
      const other = address.replace('acme', 'other');
      await expect(judge(kind, other)).rejects.toThrow(
        `terraform/environments/dev.tfvars: upstream_service_urls has what cannot be called:\n  shop: there is no ${what} ${other}. Create it, or correct the ARN`,
      );
    },
  );

  it('are refused if an alias does not exist', async () => {
    aws.behave(acme);
    await expect(judge('stepFunctions', arnOf('states', 'stateMachine:acme:none'))).rejects.toThrow(
      'there is no state machine',
    );
  });

  it.each([
    ['sqs', `arn:aws:sqs:eu-west-1:${account}:acme`, 'is in eu-west-1 of the account 123456789012'],
    ['sns', 'arn:aws:sns:us-east-1:999999999999:acme', 'is in us-east-1 of the account 9999'],
    ['s3', 'arn:aws:s3:::acme-west', 'is in us-west-2: the gateway in us-east-1 calls only'],
  ])('are refused in another account or region: %s %s', async (kind, address, text) => {
    aws.behave(acme);
    await expect(judge(kind, address)).rejects.toThrow(text);
  });

  it('are refused if the contract waits for a standard state machine', async () => {
    aws.behave(acme);
    const sync = ['states:StartSyncExecution'];
    const standard = arnOf('states', 'stateMachine:acme');
    await expect(judge('stepFunctions', standard, sync)).rejects.toThrow('needs an Express one');
    await expect(judge('stepFunctions', `${standard}-express`, sync)).resolves.toBeUndefined();
  });

  it.each([
    ['sqs', { __type: 'com.amazonaws.sqs#AccessDeniedException' }, 'AccessDeniedException'],
    ['s3', '<Error><Code>AccessDenied</Code></Error>', 'AccessDenied'],
  ])('are a note where the deployer may not see them: %s', async (kind, body, code) => {
    const output = captureOutput();
    aws.behave((response) => {
      response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const address = kind === 's3' ? 'arn:aws:s3:::acme' : arnOf(kind, 'acme');
    await judge(kind, address).finally(() => output.giveBack());
    const said = output.take().join('');
    expect(said).toContain('cannot be seen with your credentials');
    expect(said).toContain(`shop: ${address} (${code})`);
  });

  it('are left to Terraform if they are no ARN, and nothing is called', async () => {
    let calls = 0;
    aws.behave((response) => {
      calls += 1;
      response.end('{}');
    });
    await expect(judge('sqs', 'https://sqs.example')).resolves.toBeUndefined();
    expect(calls).toBe(0);
  });
});
