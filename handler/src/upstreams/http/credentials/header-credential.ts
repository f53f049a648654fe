import type { Extension } from './extension.ts';
import { credentialSecret, parseText } from './credential-secret.ts';
import { sendWith } from './renewable.ts';

interface Policy {
  /** In lower case. */
  readonly header: string;
  /** Before the secret, such as `Bearer `. */
  readonly prefix: string;
  /** The value that has the ARN of the secret. */
  readonly secret: string;
}

/** A secret in a header of each request, in place of what the client sent there. */
export const headerCredential =
  ({ header, prefix, secret: name }: Policy): Extension =>
  (reader) => {
    const open = credentialSecret(name, parseText, reader);
    return (tools, upstream) => {
      const onRefusal = (): void =>
        tools.log.error('an upstream refuses the credentials of the gateway', { upstream });
      return { connect: sendWith(open(tools, upstream), { header, prefix, onRefusal }) };
    };
  };
