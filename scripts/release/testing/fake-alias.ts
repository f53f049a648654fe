import {
  GetAliasCommand,
  type LambdaClient,
  PreconditionFailedException,
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
  /** As it stands. */
  readonly now: () => Move;
  /** What the nth UpdateAlias from now on meets: `lost` takes effect, but its answer does not arrive. */
  readonly fail: (nth: number, how: 'refused' | 'lost', times?: number) => void;
  /** Somebody else's UpdateAlias. */
  readonly moveBehindTheBack: (move: Move) => void;
}

/** Lambda's side of one alias, with its revisions. */
export const fakeAlias = (start: Move): FakeAlias => {
  let state: Move = start;
  let revision = 1;
  const moves: Move[] = [];
  const failures = new Map<number, 'refused' | 'lost'>();
  let calls = 0;

  const answer = () => ({ ...state, RevisionId: String(revision), $metadata: {} });
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
    state = { FunctionVersion, RoutingConfig, Description };
    revision += 1;
    moves.push(state);
    if (failure === 'lost') throw new Error('socket hang up');
    return answer();
  };
  const send = async (command: unknown) => {
    if (command instanceof GetAliasCommand) return answer();
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
    moveBehindTheBack: (move) => {
      state = move;
      revision += 1;
    },
  };
};
