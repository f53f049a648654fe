import type { Weights } from '../../../handler/src/stores/traffic/traffic-store.ts';
import { type Arguments, duration, flag } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

export type TrafficRequest =
  | { readonly kind: 'show' }
  | { readonly kind: 'back' }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'to';
      readonly to: Weights;
      readonly route: string | undefined;
      readonly pauseSeconds: number;
    };

/** Reads the arguments of `make traffic`. */
export const readTrafficRequest = (
  { TO, ROUTE, BACK, RESET, PAUSE }: Arguments<'TO' | 'ROUTE' | 'BACK' | 'RESET' | 'PAUSE'>,
  isLocal: boolean,
): TrafficRequest => {
  const [isBack, isReset] = [flag(BACK, 'BACK'), flag(RESET, 'RESET')];
  if ([TO !== undefined, isBack, isReset].filter(Boolean).length > 1)
    throw new CommandError('Give one of TO, BACK and RESET.');
  // Both end what may do harm: nothing is waited for.
  if (PAUSE !== undefined && TO === undefined)
    throw new CommandError('PAUSE is for TO: nothing else is watched.');
  if (ROUTE !== undefined && TO === undefined) throw new CommandError('ROUTE is for TO.');
  if (isBack) return { kind: 'back' };
  if (isReset) return { kind: 'reset' };
  if (TO === undefined) return { kind: 'show' };
  // As for a release: CloudWatch's alarms need three bad minutes of five; the emulator's need no traffic.
  const usual = isLocal ? '5s' : '5m';
  const pauseMs = duration(PAUSE, 'PAUSE', { usual, least: '1s', most: '12h' });
  return { kind: 'to', to: weightsFrom(TO), route: ROUTE, pauseSeconds: pauseMs / 1_000 };
};

const weightsFrom = (text: string): Weights => {
  const wrong = (why: string): CommandError =>
    new CommandError(`TO is "${text}"; ${why}, such as users=90,users-next=10.`);
  const weights: Record<string, number> = {};
  for (const pair of text.split(',')) {
    const [, name, digits] = /^\s*([^=\s]+)=(\d{1,5})\s*$/.exec(pair) ?? [];
    const weight = Number(digits);
    if (name === undefined || weight > 10_000)
      throw wrong('it is names of upstreams, each with a whole number from 0 to 10000');
    if (Object.hasOwn(weights, name)) throw wrong(`${name} is there twice; name each once`);
    weights[name] = weight;
  }
  if (Object.values(weights).every((weight) => weight === 0))
    throw wrong('the weights add up to 0; give an upstream a weight of 1 or more');
  return weights;
};
