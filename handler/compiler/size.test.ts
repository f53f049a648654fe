import { describe, expect, it, jest } from '@jest/globals';
import { readSize, sizeBytes } from './size.ts';

describe('a size', () => {
  it.each([
    ['512B', 512],
    ['8KiB', 8_192],
    ['1MiB', 1_048_576],
    ['8KB', undefined],
    ['8 KiB', undefined],
    ['1.5KiB', undefined],
    ['-1KiB', undefined],
    ['8', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j bytes', (text, bytes) => {
    expect(sizeBytes(text)).toBe(bytes);
  });

  it.each([
    ['1KiB', 1_024],
    ['64KiB', 65_536],
    ['1023B', undefined],
    ['65KiB', undefined],
  ])('of %s is held to its range', (text, bytes) => {
    const report = jest.fn();
    const range = { min: '1KiB', max: '64KiB' };
    expect(readSize(text, range, ['upstreams', 'maxHeaderSize'], report)).toBe(bytes);
    if (bytes !== undefined) expect(report).not.toHaveBeenCalled();
    else
      expect(report).toHaveBeenCalledWith(
        ['upstreams', 'maxHeaderSize'],
        `"maxHeaderSize" is ${text}; it can be from 1KiB to 64KiB`,
      );
  });
});
