import {
  GetAliasCommand,
  type LambdaClient,
  PreconditionFailedException,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { Fault } from '../command-line/fault.ts';
import { type AliasNote, readNote, writeNote } from './alias-note.ts';

/** Where the alias sends requests: to one version, and while a release is under way a part of them to another. */
export interface Traffic extends AliasNote {
  readonly version: string;
  readonly also: { readonly version: string; readonly share: number } | undefined;
}

export interface LiveAlias {
  readonly read: () => Promise<Traffic>;
  /** Throws `AliasMoved` where somebody else has moved it since it was last read or moved here. */
  readonly move: (to: Traffic) => Promise<void>;
}

/** Somebody else works on the alias: whoever meets this leaves it to them. */
class AliasMoved extends Fault {
  constructor(cause: unknown) {
    super('Somebody else moved the alias meanwhile; it was left to them.', { cause });
  }
}

/** The alias through which all requests come. Each change names the revision it builds on, so that two never mix. */
export const liveAlias = (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  name: string,
): LiveAlias => {
  const alias = { FunctionName: functionName, Name: name };
  let revision: string | undefined;
  return {
    read: async () => {
      const answer = await lambda.send(new GetAliasCommand(alias));
      revision = answer.RevisionId;
      const [also] = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
      return {
        version: answer.FunctionVersion ?? '',
        also: also && { version: also[0], share: also[1] },
        ...readNote(answer.Description ?? ''),
      };
    },
    move: async (to) => {
      const { version, also } = to;
      try {
        const answer = await lambda.send(
          new UpdateAliasCommand({
            ...alias,
            FunctionVersion: version,
            // Left out, the weights would stay as they are.
            RoutingConfig: {
              AdditionalVersionWeights: also === undefined ? {} : { [also.version]: also.share },
            },
            Description: writeNote(to),
            RevisionId: revision,
          }),
        );
        revision = answer.RevisionId;
      } catch (error) {
        throw error instanceof PreconditionFailedException ? new AliasMoved(error) : error;
      }
    },
  };
};
