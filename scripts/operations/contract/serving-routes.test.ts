import { describe, expect, it } from '@jest/globals';
import { published } from './serving-routes.ts';

describe('the state of an apply', () => {
  const state = (version: string) => ({
    resources: [
      { type: 'aws_lambda_alias', instances: [{ attributes: { function_name: 'shop' } }] },
      {
        type: 'aws_lambda_function',
        instances: [{ attributes: { function_name: 'shop', version } }],
      },
      { type: 'aws_lambda_function', instances: [{}] },
    ],
  });

  it('is told from that of another version, and from another function', () => {
    expect(published('shop', '7')(state('7'))).toBe(true);
    expect(published('shop', '7')(state('8'))).toBe(false);
    expect(published('other', '7')(state('7'))).toBe(false);
    expect(published('shop', '7')({ resources: [] })).toBe(false);
  });
});
