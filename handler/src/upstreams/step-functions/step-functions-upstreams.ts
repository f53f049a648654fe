import { type Arn, readArn } from '../../aws/arn.ts';
import { awsService } from '../../aws/aws-service.ts';
import { assertSize, type AwsPolicy, awsUpstreams } from '../../aws/forward-to-aws.ts';
import { accepted, fieldsOf, jsonText, mayResend, messageOf } from '../../aws/message.ts';
import { type JsonTemplate, textOf, type TextTemplate, unchanged } from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { ForwardInput } from '../../parts.ts';
import type { TransportResponse } from '../../transport/attempt.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly stepFunctions: { readonly target: object; readonly policy: StepFunctionsPolicy };
  }
}

interface StepFunctionsPolicy extends AwsPolicy {
  /** Undefined: the body of the request. */
  readonly input: JsonTemplate | undefined;
  readonly executionName: TextTemplate | undefined;
  /** Whether the response is the output of the execution. */
  readonly isSync: boolean;
  /** Statuses by the names of errors that an execution may end with. */
  readonly errors: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const maxInputBytes = 256 * 1024;

/** State machines, each with its ARN in an environment variable. */
export const stepFunctionsUpstreams = awsUpstreams('stepFunctions', (policy, reader) => {
  const { arnVariable, input, executionName, isSync, errors } = policy;
  const arn: Arn = readArn(reader, arnVariable, {
    what: 'a state machine of Step Functions',
    service: 'states',
    resource: /^stateMachine:[^:\s]{1,80}(?::[\w-]+)?$/,
    example: 'arn:aws:states:us-east-1:123456789012:stateMachine:orders',
  });
  const open = awsService({ service: 'states', ...(isSync && { hostPrefix: 'sync-' }) }, reader);
  const operation = isSync ? 'StartSyncExecution' : 'StartExecution';
  return ({ connect, now }) => ({
    mayRepeat: mayResend(executionName !== undefined && !isSync),
    service: open({ connect, now, maxBodyBytes: 1024 * 1024 }),
    call: (request) => {
      const text = jsonText(messageOf(input, request));
      assertSize(Buffer.byteLength(text), maxInputBytes, 'the input of the execution');
      return {
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AWSStepFunctions.${operation}`,
        },
        body: JSON.stringify({
          stateMachineArn: arn.text,
          input: text,
          name: nameOf(executionName, request),
        }),
        respond: isSync ? outputOr(errors) : started,
      };
    },
  });
});

const nameOf = (
  template: TextTemplate | undefined,
  request: ForwardInput<'stepFunctions'>,
): string | undefined => {
  if (template === undefined) return undefined;
  const name = textOf(template, request, unchanged);
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
  if (name !== undefined && /^[\w-]{1,80}$/.test(name)) return name;
  throw new GatewayError('BAD_REQUEST', {
    detail: 'The request has no valid name of the execution: 1 to 80 letters, digits, _ or -.',
  });
};

/** The last part of its ARN, which has the account and the region as well. */
const started = (response: TransportResponse): GatewayResponse => {
  const { executionArn } = fieldsOf(response);
  return accepted(typeof executionArn === 'string' ? executionArn.split(':').at(-1) : undefined);
};

/** An execution that fails is the upstream's failure, unless the contract expects the error. Its cause is in its log. */
const outputOr =
  (errors: StepFunctionsPolicy['errors']) =>
  (response: TransportResponse): GatewayResponse => {
    const { status, output, error } = fieldsOf(response);
    const headers = { 'content-type': 'application/json' };
    if (status === 'SUCCEEDED' && typeof output === 'string')
      return { statusCode: 200, headers, body: output };
    const expected =
      typeof error === 'string' && Object.hasOwn(errors, error) ? errors[error] : undefined;
    if (expected !== undefined)
      return { statusCode: expected, headers, body: JSON.stringify({ error }) };
    if (status === 'TIMED_OUT')
      throw new GatewayError('UPSTREAM_TIMEOUT', { detail: 'Try again later.' });
    throw new GatewayError('UPSTREAM_BAD_RESPONSE', {
      detail: 'The upstream failed.',
      note: 'the execution failed: the log of the state machine has the error',
    });
  };
