import { randomUUID } from 'node:crypto';
import { Refusal } from './fake-dynamodb.ts';

export interface SqsMessage {
  readonly QueueUrl: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

export interface FakeSqs {
  /** Stores a message as SQS does, or throws `Refusal`. */
  send(message: SqsMessage): object;
  /** Those of a queue, by its name. */
  messages(queue: string): ReadonlyArray<SqsMessage & { readonly id: string }>;
}

/** Queues come into being with their first message. */
export const createFakeSqs = (): FakeSqs => {
  const queues = new Map<string, Map<string, SqsMessage & { readonly id: string }>>();
  return {
    send: (message) => {
      const name = message.QueueUrl.split('/').at(-1) ?? '';
      const queue = queues.get(name) ?? new Map<string, SqsMessage & { readonly id: string }>();
      queues.set(name, queue);
      const isFifo = name.endsWith('.fifo');
      if (isFifo && message.MessageGroupId === undefined)
        throw new Refusal('MissingParameter', 'A FIFO queue needs a MessageGroupId');
      if (!isFifo && message.MessageDeduplicationId !== undefined)
        throw new Refusal('InvalidParameterValue', 'Only FIFO queues deduplicate');
      const key = message.MessageDeduplicationId ?? randomUUID();
      const stored = queue.get(key) ?? { ...message, id: randomUUID() };
      queue.set(key, stored);
      return { MessageId: stored.id, MD5OfMessageBody: '' };
    },
    messages: (queue) => [...(queues.get(queue)?.values() ?? [])],
  };
};
