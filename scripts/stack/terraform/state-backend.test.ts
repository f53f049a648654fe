import { describe, expect, it } from '@jest/globals';
import { stackOf } from './state-backend.ts';

describe('the output `stack`', () => {
  it('is what the commands read of a state', () => {
    const outputs = {
      stack: { value: { function_name: 'postern-dev', alarm_names: ['a'] } },
      base_url: { value: 'https://api.example.com' },
    };
    expect(stackOf({ outputs })).toEqual({ function_name: 'postern-dev', alarm_names: ['a'] });
  });

  it('is made of the separate outputs in a state of 0.1', () => {
    const outputs = { function_name: { value: 'postern-dev' }, alarm_names: { value: ['a'] } };
    expect(stackOf({ outputs })).toEqual({ function_name: 'postern-dev', alarm_names: ['a'] });
  });

  it('is empty in a state without outputs', () => {
    expect(stackOf({ outputs: {} })).toEqual({});
  });
});
