import { takeBack } from '../guard/take-back.ts';
import type { StepFigures } from '../guard/watch.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';
import { settledOn } from './settled-traffic.ts';

/** One share of the requests, for as long as it is watched. */
export interface Step {
  readonly percent: number;
  readonly startedAt: string;
  readonly seconds: number;
  readonly figures: StepFigures;
}

export interface TrafficShift {
  readonly alias: LiveAlias;
  /** What the alias serves before anything is moved. */
  readonly from: Traffic;
  readonly version: string;
  /** Of all requests, in percent; the last is 100. */
  readonly percents: readonly number[];
  /** The maximum duration of a step, for readers of the note on the alias. */
  readonly longestStepSeconds: number;
  /** Watches the step, and throws where the new version is to be stopped. */
  readonly watch: (percent: number) => Promise<StepFigures>;
  readonly now: () => number;
  readonly onStep: (step: Step) => void;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * Moves the traffic to a version step by step. Whatever fails at a step, a call or the watch, moves all of it back,
 * and the failure is passed on.
 */
export const shiftTraffic = async (parts: TrafficShift): Promise<void> => {
  const { alias, from, version, percents } = parts;
  try {
    for (const percent of percents) await takeStep(parts, percent);
    await alias.move(settledOn(version, [from.version, ...from.servedBefore]));
  } catch (error) {
    await moveBack(parts, settledOn(from.version, from.servedBefore));
    throw error;
  }
};

const takeStep = async (parts: TrafficShift, percent: number): Promise<void> => {
  const { alias, watch, now, onStep, longestStepSeconds } = parts;
  const startedAtMs = now();
  const until = inSeconds(startedAtMs + longestStepSeconds * 1000);
  await alias.move(trafficAt(parts, percent, until));
  // Until it is ready, Lambda keeps requests from the version that is to be watched.
  await alias.provisioned();
  const figures = await watch(percent);
  const seconds = Math.round((now() - startedAtMs) / 100) / 10;
  onStep({ percent, startedAt: inSeconds(startedAtMs), seconds, figures });
};

const trafficAt = ({ from, version }: TrafficShift, percent: number, until: string): Traffic => {
  const release = { version, until };
  return percent === 100
    ? { ...settledOn(version, [from.version, ...from.servedBefore]), release }
    : {
        ...settledOn(from.version, from.servedBefore),
        also: { version, share: percent / 100 },
        release,
      };
};

const inSeconds = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+/, '');

/** Unchanged only if the alias was moved elsewhere in the meantime. */
const moveBack = ({ alias, pause, version }: TrafficShift, to: Traffic): Promise<void> =>
  takeBack(
    async () => {
      if (involves(await alias.read(), version)) await alias.move(to);
    },
    `The alias could not be moved back: version ${version} may still get requests. Run make rollback`,
    pause,
  );

const involves = ({ version, also, release }: Traffic, candidate: string): boolean =>
  [version, also?.version, release?.version].includes(candidate);
