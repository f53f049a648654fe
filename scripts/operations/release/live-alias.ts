import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvalidParameterValueException,
  type LambdaClient,
  PreconditionFailedException,
  ProvisionedConcurrencyConfigNotFoundException,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { CommandError } from '../../stack/command-line/command-error.ts';

/** Where the alias sends requests: to one version, and while a release is under way a part of them to another. */
export interface Traffic extends AliasNote {
  readonly version: string;
  readonly also: { readonly version: string; readonly share: number } | undefined;
}

export interface LiveAlias {
  readonly read: () => Promise<Traffic>;
  /** Throws `AliasMoved` if it was changed elsewhere since it was last read or changed here. */
  readonly move: (to: Traffic) => Promise<void>;
  /**
   * Waits until the version that the alias names has its provisioned concurrency, and Lambda has taken its own weights
   * off. False if the alias has none. Throws if Lambda cannot allocate it, or takes too long.
   */
  readonly provisioned: () => Promise<boolean>;
}

/** Another command changed the alias: the caller leaves it alone. */
class AliasMoved extends CommandError {
  constructor(cause: unknown) {
    super('Another command moved the alias in the meantime; it was left as it is.', { cause });
  }
}

/**
 * The alias through which all requests come. Each change names the revision it builds on, so that two never mix.
 * Lambda itself changes an alias that has provisioned concurrency: it sends requests to the version before until the
 * new one is warm, by weights that no note explains.
 */
export const liveAlias = (
  lambda: Pick<LambdaClient, 'send'>,
  functionName: string,
  name: string,
  { now, pause }: Clock = { now: Date.now, pause: sleep },
): LiveAlias => {
  const alias = { FunctionName: functionName, Name: name };
  let known: Known | undefined;

  const read = async (): Promise<Traffic> => {
    const response = await lambda.send(new GetAliasCommand(alias));
    const description = response.Description ?? '';
    const [also] = Object.entries(response.RoutingConfig?.AdditionalVersionWeights ?? {});
    const traffic = {
      version: response.FunctionVersion ?? '',
      also: also && { version: also[0], share: also[1] },
      ...readNote(description),
    };
    known = {
      revision: response.RevisionId,
      version: traffic.version,
      description,
      isShared: traffic.release !== undefined && also !== undefined,
    };
    return traffic;
  };

  const send = async (to: Traffic): Promise<void> => {
    const { version, also } = to;
    const description = writeNote(to);
    const response = await lambda.send(
      new UpdateAliasCommand({
        ...alias,
        FunctionVersion: version,
        // Left out, the weights would stay as they are.
        RoutingConfig: {
          AdditionalVersionWeights: also === undefined ? {} : { [also.version]: also.share },
        },
        Description: description,
        RevisionId: known?.revision,
      }),
    );
    known = { revision: response.RevisionId, version, description, isShared: also !== undefined };
  };

  const move = async (to: Traffic): Promise<void> => {
    const before = known;
    try {
      await send(to);
    } catch (error) {
      if (!(error instanceof PreconditionFailedException)) throw refusalOf(error);
      await read();
      const isLambdasOwn =
        before?.version === known?.version && before?.description === known?.description;
      if (!isLambdasOwn) throw new AliasMoved(error);
      await send(to).catch((again: unknown) => {
        throw again instanceof PreconditionFailedException ? new AliasMoved(again) : again;
      });
    }
  };

  const provisioned = async (): Promise<boolean> => {
    const deadlineMs = now() + provisioningPatienceSeconds * 1000;
    const config = { FunctionName: functionName, Qualifier: name };
    const isShared = known?.isShared ?? false;
    for (;;) {
      const state = await lambda
        .send(new GetProvisionedConcurrencyConfigCommand(config))
        .catch((error: unknown) => {
          if (error instanceof ProvisionedConcurrencyConfigNotFoundException) return undefined;
          throw error;
        });
      if (state === undefined) return false;
      if (state.Status === 'FAILED') throw new CommandError(notWarm(state.StatusReason));
      if (state.Status === 'READY') {
        const { also } = await read();
        if (isShared || also === undefined) return true;
      }
      if (now() > deadlineMs) throw new CommandError(stillWarming);
      await pause(provisioningPauseMs);
    }
  };

  return { read, move, provisioned };
};

/** The state of the alias when it was last read or changed here. */
interface Known {
  readonly revision: string | undefined;
  readonly version: string;
  readonly description: string;
  /** Whether its weights are a release's. */
  readonly isShared: boolean;
}

interface Clock {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Lambda allocates an environment of usual size within a few minutes. */
export const provisioningPatienceSeconds = 15 * 60;
const provisioningPauseMs = 5_000;

const refusalOf = (error: unknown): unknown =>
  error instanceof InvalidParameterValueException && /provisioned concurrency/i.test(error.message)
    ? new CommandError(
        `Lambda refuses to share requests between two versions of an alias with provisioned concurrency: ${error.message}\n` +
          'Set provisioned_concurrency = 0 in the tfvars during the release, or move all traffic at once with `make deploy`.',
        { cause: error },
      )
    : error;

const notWarm = (reason = 'it gives no reason'): string =>
  `Lambda cannot keep environments of the new version warm: ${reason}\nThe previous version gets the requests. Run make rollback.`;

const stillWarming =
  `Lambda has not made the provisioned concurrency ready within ${provisioningPatienceSeconds / 60} minutes, and the ` +
  'version before still gets requests. Wait and try again, or make rollback.';

/**
 * What the alias's description keeps of releases: which versions served before, newest first, and while one is under
 * way, to which version and until when. It changes in the same call as the traffic, so the two cannot disagree.
 */
interface AliasNote {
  readonly servedBefore: readonly string[];
  readonly release: ReleaseUnderWay | undefined;
}

interface ReleaseUnderWay {
  readonly version: string;
  /** By then its step is over; a release that is still noted later was cut off. ISO 8601, in seconds. */
  readonly until: string;
}

/** Further ones are forgotten; a description has 256 characters. */
const mostKept = 10;

export const writeNote = ({ servedBefore, release }: AliasNote): string => {
  const parts = ['Serves requests'];
  if (release) parts.push(`releasing ${release.version} until ${release.until}`);
  if (servedBefore.length > 0) {
    parts.push(`served before: ${servedBefore.slice(0, mostKept).join(', ')}`);
  }
  return parts.join('; ');
};

/** A description that was written elsewhere has no meaning. */
export const readNote = (description: string): AliasNote => {
  const before = /(?:^|; )served before: (\d+(?:, \d+)*)$/.exec(description)?.[1];
  const [, version, until] = /(?:^|; )releasing (\d+) until (\S+?)(?:;|$)/.exec(description) ?? [];
  return {
    servedBefore: before?.split(', ') ?? [],
    release: version === undefined || until === undefined ? undefined : { version, until },
  };
};
