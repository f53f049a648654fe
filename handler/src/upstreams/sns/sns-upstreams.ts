import { readArn } from '../../aws/arn.ts';
import { awsService } from '../../aws/aws-service.ts';
import { assertSize, type AwsPolicy, awsUpstreams } from '../../aws/forward-to-aws.ts';
import {
  accepted,
  attributeBytes,
  attributesOf,
  idOf,
  mayResend,
  messageOf,
  type MessagePolicy,
} from '../../aws/message.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly sns: { readonly target: object; readonly policy: AwsPolicy & MessagePolicy };
  }
}

/** With attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maxMessageBytes = 256 * 1024;

/** Topics of SNS, each with its ARN in an environment variable. A message is accepted once the topic has it. */
export const snsUpstreams = awsUpstreams('sns', (policy, reader) => {
  const { arnVariable, group, deduplicationId } = policy;
  // A FIFO topic needs the group, and a standard one takes none.
  const isFifo = group !== undefined;
  const arn = readArn(reader, arnVariable, {
    what: isFifo
      ? 'a FIFO topic of SNS (the contract has a group)'
      : 'a topic of SNS that is not FIFO',
    service: 'sns',
    resource: isFifo ? /^[\w-]{1,251}\.fifo$/ : /^[\w-]{1,256}$/,
    example: `arn:aws:sns:us-east-1:123456789012:news${isFifo ? '.fifo' : ''}`,
  });
  const open = awsService({ service: 'sns' }, reader);
  return ({ connect, now }) => ({
    mayRepeat: mayResend(deduplicationId !== undefined),
    service: open({ connect, now, maxBodyBytes: 65_536 }),
    call: (input) => {
      const attributes = attributesOf(policy.attributes, input);
      const message = messageOf(policy.body, input);
      const bytes = Buffer.byteLength(message) + attributeBytes(attributes);
      assertSize(bytes, maxMessageBytes, 'the message with its attributes');
      const form = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: arn.text,
        Message: message,
      });
      for (const [index, [attribute, value]] of attributes.entries()) {
        const entry = `MessageAttributes.entry.${index + 1}`;
        form.set(`${entry}.Name`, attribute);
        form.set(`${entry}.Value.DataType`, 'String');
        form.set(`${entry}.Value.StringValue`, value);
      }
      const groupId = idOf('group', group, input);
      const messageId = idOf('deduplication id', deduplicationId, input);
      if (groupId !== undefined) form.set('MessageGroupId', groupId);
      if (messageId !== undefined) form.set('MessageDeduplicationId', messageId);
      return {
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: form.toString(),
        respond: ({ body }) =>
          accepted(/<MessageId>([\w-]+)<\/MessageId>/.exec(body.toString())?.[1]),
      };
    },
  });
});
