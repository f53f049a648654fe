import { readArn } from '../../aws/arn.ts';
import { awsService } from '../../aws/aws-service.ts';
import { assertSize, type AwsPolicy, awsUpstreams } from '../../aws/forward-to-aws.ts';
import {
  accepted,
  attributeBytes,
  attributesOf,
  fieldsOf,
  idOf,
  mayResend,
  messageOf,
  type MessagePolicy,
} from '../../aws/message.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly sqs: { readonly target: object; readonly policy: AwsPolicy & MessagePolicy };
  }
}

/** With attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxMessageBytes = 1024 * 1024;

/** Queues of SQS, each with its ARN in an environment variable. A message is accepted once the queue has it. */
export const sqsUpstreams = awsUpstreams('sqs', (policy, reader) => {
  const { arnVariable, group, deduplicationId } = policy;
  const arn = readArn(reader, arnVariable, { service: 'sqs', ...wanted(policy) });
  const open = awsService({ service: 'sqs' }, reader);
  return ({ connect, now }) => ({
    mayRepeat: mayResend(deduplicationId !== undefined),
    service: open({ connect, now, maxBodyBytes: 65_536 }),
    call: (input) => {
      const attributes = attributesOf(policy.attributes, input);
      const message = messageOf(policy.body, input);
      const bytes = Buffer.byteLength(message) + attributeBytes(attributes);
      assertSize(bytes, maxMessageBytes, 'the message with its attributes');
      const values = attributes.map(([attribute, StringValue]) => [
        attribute,
        { DataType: 'String', StringValue },
      ]);
      return {
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
        },
        body: JSON.stringify({
          QueueUrl: `https://sqs.${arn.region}.amazonaws.com/${arn.accountId}/${arn.resource}`,
          MessageBody: message,
          ...(values.length > 0 && {
            MessageAttributes: Object.fromEntries(values) as Readonly<Record<string, object>>,
          }),
          MessageGroupId: idOf('group', group, input),
          MessageDeduplicationId: idOf('deduplication id', deduplicationId, input),
        }),
        respond: (response) => accepted(fieldsOf(response)['MessageId']),
      };
    },
  });
});

/** A FIFO queue refuses messages without a group, the others those with a deduplication id. */
const wanted = ({ group, deduplicationId }: MessagePolicy) => {
  const prefix = 'arn:aws:sqs:us-east-1:123456789012:';
  if (deduplicationId !== undefined)
    return {
      what: 'a FIFO queue of SQS (the contract has a deduplicationId)',
      resource: /^[\w-]{1,75}\.fifo$/,
      example: `${prefix}exports.fifo`,
    };
  if (group === undefined)
    return {
      what: 'a queue of SQS that is not FIFO (the contract has no group)',
      resource: /^[\w-]{1,80}$/,
      example: `${prefix}exports`,
    };
  return {
    what: 'a queue of SQS',
    resource: /^[\w-]{1,80}(?:\.fifo)?$/,
    example: `${prefix}exports`,
  };
};
