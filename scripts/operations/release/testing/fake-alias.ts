import {
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvalidParameterValueException,
  type LambdaClient,
  PreconditionFailedException,
  ProvisionedConcurrencyConfigNotFoundException,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda';

/** One UpdateAlias as it was sent. */
export type Move = Pick<
  UpdateAliasCommandInput,
  'FunctionVersion' | 'RoutingConfig' | 'Description'
>;

interface FakeAlias {
  readonly lambda: Pick<LambdaClient, 'send'>;
  readonly moves: Move[];
  /** Its current state. */
  readonly now: () => Move;
  /** The outcome of the nth further UpdateAlias: `lost` is effective, but its response does not arrive. */
  readonly fail: (nth: number, how: 'refused' | 'lost', times?: number) => void;
  /** An UpdateAlias of another client. */
  readonly moveBehindTheBack: (move: Move) => void;
  /** Lambda's own move of provisioned concurrency: its weights exist for this many reads of its status. */
  readonly warmUp: (versionBefore: string, looks: number, end?: 'READY' | 'FAILED') => void;
}

interface Provisioned {
  /** The duration of a move to another version, in reads. */
  readonly looks: number;
  /** Whether UpdateAlias refuses weights. */
  readonly refusesWeights?: boolean;
}

/** Lambda's side of one alias, with its revisions and, where `provisioned`, its provisioned concurrency. */
export const fakeAlias = (start: Move, provisioned?: Provisioned): FakeAlias => {
  let state: Move = start;
  let warming: { looks: number; end: 'READY' | 'FAILED' } = { looks: 0, end: 'READY' };
  let revision = 1;
  const moves: Move[] = [];
  const failures = new Map<number, 'refused' | 'lost'>();
  let calls = 0;

  const current = () => ({ ...state, RevisionId: String(revision), $metadata: {} });
  const update = ({
    FunctionVersion,
    RoutingConfig,
    Description,
    RevisionId,
  }: UpdateAliasCommandInput) => {
    calls += 1;
    const failure = failures.get(calls);
    if (failure === 'refused') throw new Error('ServiceException');
    if (RevisionId !== String(revision)) {
      throw new PreconditionFailedException({ message: 'stale', $metadata: {} });
    }
    const weights = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
    if (provisioned?.refusesWeights && weights.length > 0) {
      throw new InvalidParameterValueException({
        message: 'Alias with weights can not be used with Provisioned Concurrency',
        $metadata: {},
      });
    }
    const versionBefore = state.FunctionVersion ?? '';
    state = { FunctionVersion, RoutingConfig, Description };
    revision += 1;
    moves.push(state);
    if (provisioned && FunctionVersion !== versionBefore) warmUp(versionBefore, provisioned.looks);
    if (failure === 'lost') throw new Error('socket hang up');
    return current();
  };
  const warmUp: FakeAlias['warmUp'] = (versionBefore, looks, end = 'READY') => {
    warming = { looks, end };
    state = { ...state, RoutingConfig: { AdditionalVersionWeights: { [versionBefore]: 1 } } };
    revision += 1;
  };
  const provisioning = () => {
    if (provisioned === undefined) {
      throw new ProvisionedConcurrencyConfigNotFoundException({ message: 'none', $metadata: {} });
    }
    if (warming.looks === 0) {
      return {
        Status: warming.end,
        StatusReason: warming.end === 'FAILED' ? 'FUNCTION_ERROR_INIT_FAILURE' : undefined,
      };
    }
    warming = { ...warming, looks: warming.looks - 1 };
    if (warming.looks === 0 && warming.end === 'READY') {
      state = { ...state, RoutingConfig: { AdditionalVersionWeights: {} } };
      revision += 1;
    }
    return { Status: 'IN_PROGRESS' };
  };
  const send = async (command: unknown) => {
    if (command instanceof GetAliasCommand) return current();
    if (command instanceof GetProvisionedConcurrencyConfigCommand) return provisioning();
    if (command instanceof UpdateAliasCommand) return update(command.input);
    throw new TypeError('an unknown command');
  };
  return {
    lambda: { send },
    moves,
    now: () => state,
    fail: (nth, how, times = 1) => {
      for (let call = calls + nth; call < calls + nth + times; call += 1) failures.set(call, how);
    },
    warmUp,
    moveBehindTheBack: (move) => {
      state = move;
      revision += 1;
    },
  };
};
