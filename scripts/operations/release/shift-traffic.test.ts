import { describe, expect, it } from '@jest/globals';
import { liveAlias } from './live-alias.ts';
import { rollbackTarget, settledTraffic } from './settled-traffic.ts';
import { shiftTraffic, type Step } from './shift-traffic.ts';
import { fakeAlias, type Move } from './testing/fake-alias.ts';

const all = (version: string, description: string): Move => ({
  FunctionVersion: version,
  RoutingConfig: { AdditionalVersionWeights: {} },
  Description: description,
});
const start = all('7', 'Serves requests; served before: 5, 3');
const part = (share: number): Move => ({
  FunctionVersion: '7',
  RoutingConfig: { AdditionalVersionWeights: { '8': share } },
  Description: 'Serves requests; releasing 8 until 1970-01-01T00:01:40Z; served before: 5, 3',
});
const whole = all(
  '8',
  'Serves requests; releasing 8 until 1970-01-01T00:01:40Z; served before: 7, 5, 3',
);

const releaseOf8 = (fake = fakeAlias(start)) => {
  const steps: Step[] = [];
  const watched: number[] = [];
  const alias = liveAlias(fake.lambda, 'gateway', 'live');
  const run = async (watch: (percent: number) => Promise<object> = async () => ({})) =>
    shiftTraffic({
      alias,
      from: await alias.read(),
      version: '8',
      percents: [10, 50, 100],
      longestStepSeconds: 100,
      watch: async (percent) => {
        watched.push(percent);
        return (await watch(percent)) as Step['figures'];
      },
      now: () => 0,
      onStep: (step) => steps.push(step),
      pause: async () => undefined,
    });
  return { fake, alias, run, steps, watched };
};

describe('shift', () => {
  it('moves 10 %, 50 % and all of the traffic, and notes who served before', async () => {
    const { fake, run, steps, watched } = releaseOf8();
    await run(async () => ({ requests: 33 }));
    expect(fake.moves).toEqual([
      part(0.1),
      part(0.5),
      whole,
      all('8', 'Serves requests; served before: 7, 5, 3'),
    ]);
    expect(watched).toEqual([10, 50, 100]);
    expect(steps.map(({ percent, figures }) => [percent, figures])).toEqual([
      [10, { requests: 33 }],
      [50, { requests: 33 }],
      [100, { requests: 33 }],
    ]);
  });

  it.each([10, 50, 100])('moves everything back if the watch stops it at %i %%', async (bad) => {
    const { fake, run } = releaseOf8();
    const alarm = new Error('an alarm rings');
    const watch = async (percent: number) => {
      if (percent === bad) throw alarm;
      return {};
    };
    await expect(run(watch)).rejects.toBe(alarm);
    expect(fake.now()).toEqual(start);
    expect(fake.moves).toHaveLength([10, 50, 100].indexOf(bad) + 2);
  });

  it.each([
    ['refused', 1],
    ['refused', 2],
    ['refused', 3],
    ['refused', 4],
    ['lost', 1],
    ['lost', 2],
    ['lost', 3],
    ['lost', 4],
  ] as const)('moves everything back if a call is %s: the %ith', async (how, nth) => {
    const { fake, run } = releaseOf8();
    fake.fail(nth, how);
    await expect(run()).rejects.toThrow(how === 'lost' ? 'socket hang up' : 'ServiceException');
    // A call that was refused at once has moved nothing, and there is nothing to move back.
    if (how === 'refused' && nth === 1) expect(fake.moves).toEqual([]);
    expect(fake.now()).toEqual(start);
  });

  it.each([1, 2, 4])('retries the move back if it fails %i times', async (times) => {
    const { fake, run } = releaseOf8();
    const watch = async () => {
      fake.fail(1, 'refused', times);
      throw new Error('an alarm rings');
    };
    await expect(run(watch)).rejects.toThrow('an alarm rings');
    expect(fake.now()).toEqual(start);
  });

  it('detects that the move back was effective if only its response was lost', async () => {
    const { fake, run } = releaseOf8();
    const watch = async () => {
      fake.fail(1, 'lost');
      throw new Error('an alarm rings');
    };
    await expect(run(watch)).rejects.toThrow('an alarm rings');
    expect(fake.moves).toEqual([part(0.1), start]);
  });

  it('says which version gets requests and what to do if the move back fails', async () => {
    const { fake, run } = releaseOf8();
    const watch = async () => {
      fake.fail(1, 'refused', 100);
      throw new Error('an alarm rings');
    };
    await expect(run(watch)).rejects.toThrow('version 8 may still get requests. Run make rollback');
    expect(fake.now()).toEqual(part(0.1));
  });

  it('does not change an alias that was rolled back elsewhere in the meantime', async () => {
    const { fake, run } = releaseOf8();
    const theirs = all('5', 'Serves requests; served before: 3');
    const watch = async () => {
      fake.moveBehindTheBack(theirs);
      return {};
    };
    await expect(run(watch)).rejects.toThrow('Another command moved the alias');
    expect(fake.now()).toEqual(theirs);
  });
});

describe('a release that was cut off', () => {
  const later = Date.parse('1970-01-01T00:02:00Z');

  it.each([part(0.1), part(0.5), whole])(
    'is taken back by the next release: %j',
    async (cutOff) => {
      const fake = fakeAlias(cutOff);
      const alias = liveAlias(fake.lambda, 'gateway', 'live');
      expect((await settledTraffic(alias, later)).version).toBe('7');
      expect(fake.now()).toEqual(start);
    },
  );

  it.each([part(0.1), part(0.5), whole])('is taken back by a rollback: %j', async (cutOff) => {
    const fake = fakeAlias(cutOff);
    const alias = liveAlias(fake.lambda, 'gateway', 'live');
    await alias.move(rollbackTarget(await alias.read()));
    expect(fake.now()).toEqual(start);
  });

  it('is left alone while it may be at work', async () => {
    const fake = fakeAlias(part(0.1));
    const alias = liveAlias(fake.lambda, 'gateway', 'live');
    await expect(settledTraffic(alias, 0)).rejects.toThrow('version 8 is under way until');
    expect(fake.moves).toEqual([]);
  });
});

describe('an alias with weights that no release noted', () => {
  const byHand = { ...part(0.1), Description: 'by hand' };

  it('is not taken for an interrupted release', async () => {
    const fake = fakeAlias(byHand);
    const from = await settledTraffic(liveAlias(fake.lambda, 'gateway', 'live'), 0);
    expect(from).toEqual({ version: '7', also: undefined, servedBefore: [], release: undefined });
    expect(fake.moves).toEqual([]);
  });

  it('is rolled back to the version that served before', () => {
    const own = { ...start, RoutingConfig: { AdditionalVersionWeights: { '5': 1 } } };
    const alias = liveAlias(fakeAlias(own).lambda, 'gateway', 'live');
    return expect(alias.read().then(rollbackTarget)).resolves.toMatchObject({ version: '5' });
  });
});

describe('a release of an alias with provisioned concurrency', () => {
  const aliasOf = (fake: ReturnType<typeof fakeAlias>, pauses: number[] = []) => {
    let nowMs = 0;
    return liveAlias(fake.lambda, 'gateway', 'live', {
      now: () => nowMs,
      pause: async (ms) => void (pauses.push(ms), (nowMs += ms)),
    });
  };
  const release = async (
    fake: ReturnType<typeof fakeAlias>,
    watch: () => Promise<Step['figures']> = async () => ({}),
  ) => {
    const alias = aliasOf(fake);
    return shiftTraffic({
      ...{ alias, from: await settledTraffic(alias, 0), version: '8', percents: [10, 50, 100] },
      ...{ longestStepSeconds: 100, watch, now: () => 0, onStep: () => undefined },
      pause: async () => undefined,
    });
  };

  it('waits until Lambda has moved it before anything else', async () => {
    const fake = fakeAlias(start, { looks: 3 });
    fake.warmUp('5', 3);
    const pauses: number[] = [];
    const from = await settledTraffic(aliasOf(fake, pauses), 0);
    expect(from).toMatchObject({ version: '7', also: undefined });
    expect(pauses).toHaveLength(3);
    expect(fake.moves).toEqual([]);
  });

  it('watches the new version only once it gets the requests, and is not stopped by what Lambda changed', async () => {
    const fake = fakeAlias(start, { looks: 3 });
    const weights: unknown[] = [];
    await release(fake, async () => {
      weights.push(fake.now().RoutingConfig?.AdditionalVersionWeights);
      return {};
    });
    expect(weights).toEqual([{ '8': 0.1 }, { '8': 0.5 }, {}]);
    expect(fake.now()).toEqual(all('8', 'Serves requests; served before: 7, 5, 3'));
  });

  it('builds on a revision that Lambda itself made, and on no other', async () => {
    const fake = fakeAlias(start, { looks: 1 });
    const alias = aliasOf(fake);
    const from = await alias.read();
    fake.warmUp('5', 1);
    await alias.move({ ...from, servedBefore: ['5'] });
    expect(fake.now()).toEqual(all('7', 'Serves requests; served before: 5'));
    fake.moveBehindTheBack(all('5', 'Serves requests; served before: 3'));
    await expect(alias.move(from)).rejects.toThrow('Another command moved the alias');
  });

  it('stops if the new version cannot be kept warm, and moves the traffic back', async () => {
    const fake = fakeAlias(start, { looks: 1 });
    const failing = release(fake, async () => {
      fake.warmUp('7', 1, 'FAILED');
      return {};
    });
    await expect(failing).rejects.toThrow(
      'cannot keep environments of the new version warm: FUNCTION_ERROR_INIT_FAILURE',
    );
    expect(fake.now()).toMatchObject({ FunctionVersion: '7' });
  });

  it('stops if Lambda takes too long', async () => {
    const fake = fakeAlias(start, { looks: 1_000 });
    fake.warmUp('5', 1_000);
    await expect(settledTraffic(aliasOf(fake), 0)).rejects.toThrow('within 15 minutes');
  });

  it('says what to set if Lambda refuses to split the requests', async () => {
    const fake = fakeAlias(start, { looks: 1, refusesWeights: true });
    await expect(release(fake)).rejects.toThrow('Set provisioned_concurrency = 0 in the tfvars');
    expect(fake.now()).toEqual(start);
  });
});

describe('a rollback', () => {
  it('goes back version by version, and never to one that was stopped', async () => {
    const { fake, alias, run } = releaseOf8();
    await expect(run(async () => Promise.reject(new Error('an alarm rings')))).rejects.toThrow();
    const served = [];
    for (let times = 0; times < 2; times += 1) {
      await alias.move(rollbackTarget(await alias.read()));
      served.push(fake.now().FunctionVersion);
    }
    expect(served).toEqual(['5', '3']);
    expect(() =>
      rollbackTarget({ version: '3', also: undefined, servedBefore: [], release: undefined }),
    ).toThrow('No version served before version 3');
  });
});
