import { readArn } from '../../aws/arn.ts';
import { awsService } from '../../aws/aws-service.ts';
import { assertSize, type AwsPolicy, awsUpstreams } from '../../aws/forward-to-aws.ts';
import { accepted, jsonText } from '../../aws/message.ts';
import { forwardedHeaders } from '../../http/forwarded-headers.ts';
import { createToPublicUrls } from '../../http/public-urls.ts';
import { responseFromUpstream } from '../../http/response-from-upstream.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { failed, type TransportResponse } from '../../transport/attempt.ts';
import { errorOf } from '../../transport/upstream-error.ts';
import { functionErrorOf, responseOfResult } from './function-result.ts';
import { functionEvent } from './function-event.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly lambda: { readonly target: object; readonly policy: LambdaPolicy };
  }
}

interface LambdaPolicy extends AwsPolicy {
  /** What the function gets: the event of an HTTP API, or the JSON of the body alone. */
  readonly payload: 'event' | 'body';
  /** Whether Lambda queues the event, and the response does not wait for the function. */
  readonly isAsync: boolean;
  /** Whether it signs users in and out. Only such an upstream can set the session cookies. */
  readonly startsSessions: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: 6 MB, 1 MB for asynchronous calls. */
const maxBytes = { sync: 6 * 1024 * 1024, async: 1024 * 1024 };

/** Lambda functions, each with its ARN in an environment variable. */
export const lambdaUpstreams = awsUpstreams('lambda', (policy, reader) => {
  const { arnVariable, payload, isAsync, startsSessions } = policy;
  const arn = readArn(reader, arnVariable, {
    what: 'a Lambda function',
    service: 'lambda',
    resource: /^function:[\w-]{1,140}(:[\w$-]{1,128})?$/,
    example: 'arn:aws:lambda:us-east-1:123456789012:function:quotes:live',
  });
  const open = awsService(
    {
      service: 'lambda',
      path: `/2015-03-31/functions/${encodeURIComponent(arn?.text)}/invocations`,
    },
    reader,
  );
  const headers = {
    'content-type': 'application/json',
    'x-amz-invocation-type': isAsync ? 'Event' : 'RequestResponse',
  };
  return ({ connect, now, limits, viaName }) => ({
    service: open({ connect, now, maxBodyBytes: maxResultBytes }),
    call: (input) => {
      const { request, caller, route } = input;
      const { basePath, host: upstreamHost } = request;
      const sent = forwardedHeaders(request, caller, { upstreamHost, viaName });
      // The function does not know the stage, which paths of the gateway begin with.
      if (basePath !== '') sent.push('x-forwarded-prefix', basePath);
      const body =
        payload === 'body'
          ? jsonOf(request.body)
          : JSON.stringify(functionEvent(input, sent, arn.accountId));
      const max = isAsync ? maxBytes.async : maxBytes.sync;
      assertSize(Buffer.byteLength(body), max, 'the event for the function');
      const respond = (response: TransportResponse): GatewayResponse => {
        if (isAsync) return accepted(request.id);
        const error = functionErrorOf(response);
        if (error !== undefined) throw error;
        const returned = responseFromUpstream(
          responseOfResult(response.body),
          request.method,
          startsSessions,
        );
        const mapped =
          basePath === ''
            ? returned
            : createToPublicUrls(
                new URL(`https://${upstreamHost}`),
                policy.name,
                [],
              )(returned, { route, basePath, prefix: basePath });
        if (!limits.accepts(mapped)) throw errorOf(failed('response-too-large'));
        return mapped;
      };
      return { headers, body, repeatable: { method: request.method, headers: sent }, respond };
    },
  });
});

/** Of a result with a body in base64 that the gateway can send, with its headers; Lambda itself sends 6 MB. */
const maxResultBytes = maxBytes.sync + 1024;

/** Lambda itself reads no payload as `{}`; its own error for a body that is no JSON would look like a failure. */
const jsonOf = (body: Buffer | undefined): string =>
  body === undefined ? '{}' : jsonText(body.toString('utf8'));
