import { describe, expect, it } from '@jest/globals';
import type { Arguments } from '../../stack/command-line/arguments.ts';
import { loadTestArguments } from './arguments.ts';

const scenarios = ['load', 'rate-limit', 'smoke', 'soak'];
const parse = (args: Arguments<'SCENARIO' | 'DURATION'>, name = 'dev', isConfirmed = false) =>
  loadTestArguments(args, { name, isConfirmed }, scenarios);

describe('loadTestArguments', () => {
  it('runs load unless another scenario is named', () => {
    expect(parse({})).toMatchObject({ scenario: 'load', duration: undefined });
    expect(parse({ SCENARIO: 'smoke' }).scenario).toBe('smoke');
  });

  it('lists the scenarios if the name is unknown', () => {
    expect(() => parse({ SCENARIO: 'sok' })).toThrow(
      'There is no scenario "sok". The scenarios are: load, rate-limit, smoke, soak.',
    );
  });

  it('puts load on production only when that is confirmed', () => {
    const refusal = 'make loadtest ENV=prod SCENARIO=smoke CONFIRM=prod';
    expect(() => parse({ SCENARIO: 'smoke' }, 'prod')).toThrow(refusal);
    expect(parse({ SCENARIO: 'smoke' }, 'prod', true).scenario).toBe('smoke');
  });

  it('takes a duration for the scenarios that hold one rate', () => {
    expect(parse({ SCENARIO: 'soak', DURATION: '2h' })).toMatchObject({
      duration: '7200s',
      lifetimeSeconds: 3 * 3600,
    });
    expect(() => parse({ SCENARIO: 'smoke', DURATION: '2h' })).toThrow('load and soak');
  });

  it.each(['2', '0s', 'forever', '-1m', '1.5h'])('refuses the duration %s', (duration) => {
    expect(() => parse({ DURATION: duration })).toThrow('DURATION is');
  });
});
