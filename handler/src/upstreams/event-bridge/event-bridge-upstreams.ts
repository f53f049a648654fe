import { readArn } from '../../aws/arn.ts';
import { AwsError } from '../../aws/aws-error.ts';
import { awsService } from '../../aws/aws-service.ts';
import { assertSize, type AwsPolicy, awsUpstreams, unavailable } from '../../aws/forward-to-aws.ts';
import { accepted, fieldsOf, mayResend, messageOf } from '../../aws/message.ts';
import { type JsonTemplate, textOf, type TextTemplate, unchanged } from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { TransportResponse } from '../../transport/attempt.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly eventBridge: { readonly target: object; readonly policy: EventBridgePolicy };
  }
}

interface EventBridgePolicy extends AwsPolicy {
  readonly source: TextTemplate;
  readonly detailType: TextTemplate;
  /** Undefined: the body of the request. */
  readonly detail: JsonTemplate | undefined;
}

/** Of source, detail-type and detail: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const maxEntryBytes = 1024 * 1024;

/** Event buses, each with its ARN in an environment variable. An event is accepted once the bus has it. */
export const eventBridgeUpstreams = awsUpstreams('eventBridge', (policy, reader) => {
  const { arnVariable, source, detailType, detail } = policy;
  const arn = readArn(reader, arnVariable, {
    what: 'an event bus of EventBridge',
    service: 'events',
    resource: /^event-bus\/[\w./-]{1,256}$/,
    example: 'arn:aws:events:us-east-1:123456789012:event-bus/shop',
  });
  const open = awsService({ service: 'events' }, reader);
  return ({ connect, now }) => ({
    mayRepeat: mayResend(false),
    service: open({ connect, now, maxBodyBytes: 65_536 }),
    call: (input) => {
      const entry = {
        Source: textOf(source, input, unchanged),
        DetailType: textOf(detailType, input, unchanged),
        Detail: objectOf(messageOf(detail, input)),
        EventBusName: arn.text,
      };
      if (!entry.Source || !entry.DetailType)
        throw new GatewayError('BAD_REQUEST', {
          detail: 'The request has no value for the source or the type of the event.',
        });
      const texts = [entry.Source, entry.DetailType, entry.Detail];
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      assertSize(bytes, maxEntryBytes, 'the event');
      return {
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSEvents.PutEvents',
        },
        body: JSON.stringify({ Entries: [entry] }),
        respond: acceptedEntry,
      };
    },
  });
});

/** The call succeeds even if its one entry fails. */
const acceptedEntry = (response: TransportResponse): GatewayResponse => {
  const { Entries: entries } = fieldsOf(response);
  const [entry] = Array.isArray(entries) ? (entries as readonly unknown[]) : [];
  const { EventId: id, ErrorCode: code } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof code === 'string') throw unavailable(new AwsError(200, code, {}));
  return accepted(id);
};

/** EventBridge takes only JSON objects as details. */
const objectOf = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Reported below.
  }
  throw new GatewayError('BAD_REQUEST', { detail: 'Send a body that is a JSON object.' });
};
