import type { Arrival } from './limiter-simulation.ts';
import type { Random } from './random.ts';

interface Traffic {
  readonly seconds: number;
  /** Each request goes to a random one of them. */
  readonly environments: number;
  readonly random: Random;
}

const anyOf = (count: number, random: Random): number => Math.floor(random() * count);

/** Independent requests: a Poisson process. */
export const steady = (perSecond: number, traffic: Traffic): Arrival[] => {
  const { seconds, environments, random } = traffic;
  const arrivals: Arrival[] = [];
  const pauseMs = (): number => (-Math.log(1 - random()) / perSecond) * 1000;
  for (let atMs = pauseMs(); atMs < seconds * 1000; atMs += pauseMs()) {
    arrivals.push({ atMs, environment: anyOf(environments, random) });
  }
  return arrivals;
};

/**
 * A browser that loads a page from time to time: six concurrent requests, each to a different environment if there are
 * enough.
 */
export const pageLoads = (everySeconds: number, traffic: Traffic): Arrival[] => {
  const { seconds, environments, random } = traffic;
  const arrivals: Arrival[] = [];
  const pauseMs = (): number => everySeconds * 1000 * (0.5 + random());
  for (let atMs = pauseMs(); atMs < seconds * 1000; atMs += pauseMs()) {
    const first = anyOf(environments, random);
    for (let request = 0; request < 6; request += 1) {
      arrivals.push({
        atMs: atMs + random() * 150,
        environment: (first + request) % environments,
      });
    }
  }
  return arrivals;
};

/** Alternates between pauses, low rates and bursts, to test the transitions. */
export const moody = (perSecond: number, traffic: Traffic): Arrival[] => {
  const { seconds, environments, random } = traffic;
  const arrivals: Arrival[] = [];
  let atMs = 0;
  while (atMs < seconds * 1000) {
    const mood = random();
    const untilMs = atMs + random() * seconds * 300;
    if (mood < 0.25) {
      atMs = untilMs;
      continue;
    }
    const rate = perSecond * (mood < 0.5 ? 0.2 : mood < 0.75 ? 1 : 20);
    const part = steady(rate, { seconds: (untilMs - atMs) / 1000, environments, random });
    for (const arrival of part.slice(0, 200)) {
      arrivals.push({ ...arrival, atMs: arrival.atMs + atMs });
    }
    atMs = untilMs;
  }
  return arrivals;
};
