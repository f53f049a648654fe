import { describe, expect, it } from '@jest/globals';
import { isSupported } from './run-k6.ts';

describe('isSupported', () => {
  it.each([
    ['k6 v1.8.1 (go1.26.8, linux/amd64)', true],
    ['k6 v1.0.0 (commit/41b4984b75, go1.24.2, darwin/arm64)', true],
    ['k6 v0.57.0 (go1.23.6, linux/amd64)', false],
    ['k6 v2.0.0 (go1.26.8, linux/amd64)', false],
    ['', false],
  ])('of "%s" is %s', (versionLine, supported) => {
    expect(isSupported(versionLine)).toBe(supported);
  });
});
