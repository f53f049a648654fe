import { describe, expect, it } from '@jest/globals';
import { loadTestArguments } from './arguments.ts';

const scenarios = ['load', 'rate-limit', 'smoke', 'soak'];
const parse = (variables: Record<string, string>) => loadTestArguments(variables, scenarios);

describe('loadTestArguments', () => {
  it('runs load unless another scenario is named', () => {
    expect(parse({ ENV: 'dev' })).toEqual({ environment: 'dev', scenario: 'load' });
    expect(parse({ ENV: 'dev', SCENARIO: '' }).scenario).toBe('load');
    expect(parse({ ENV: 'dev', SCENARIO: 'smoke' }).scenario).toBe('smoke');
  });

  it('says what to type when ENV is missing', () => {
    expect(() => parse({})).toThrow('make loadtest ENV=local');
  });

  it('lists the scenarios when there is none of that name', () => {
    expect(() => parse({ ENV: 'dev', SCENARIO: 'sok' })).toThrow(
      'There is no scenario "sok". There are: load, rate-limit, smoke, soak.',
    );
  });

  it('puts load on production only when that is confirmed', () => {
    const refusal = 'make loadtest ENV=prod SCENARIO=smoke CONFIRM=prod';
    expect(() => parse({ ENV: 'prod', SCENARIO: 'smoke' })).toThrow(refusal);
    expect(() => parse({ ENV: 'prod', SCENARIO: 'smoke', CONFIRM: 'yes' })).toThrow(refusal);
    expect(parse({ ENV: 'prod', SCENARIO: 'smoke', CONFIRM: 'prod' }).environment).toBe('prod');
  });

  it('takes a duration for the scenarios that hold one rate', () => {
    expect(parse({ ENV: 'dev', SCENARIO: 'soak', DURATION: '2h' }).duration).toBe('2h');
    expect(() => parse({ ENV: 'dev', SCENARIO: 'smoke', DURATION: '2h' })).toThrow('load and soak');
  });

  it.each(['2', '0s', 'forever', '-1m', '1.5h'])('refuses the duration %s', (duration) => {
    expect(() => parse({ ENV: 'dev', DURATION: duration })).toThrow('such as 90s or 2h');
  });
});
