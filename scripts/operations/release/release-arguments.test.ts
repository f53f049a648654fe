import { describe, expect, it } from '@jest/globals';
import { releaseArguments } from './release-arguments.ts';

describe('releaseArguments', () => {
  it('pauses for five minutes at each step on AWS, for five seconds on a laptop', () => {
    expect(releaseArguments({}, false)).toEqual({ pauseSeconds: 300, allowedHeaders: [] });
    expect(releaseArguments({}, true).pauseSeconds).toBe(5);
    expect(releaseArguments({ PAUSE: '30s' }, false).pauseSeconds).toBe(30);
  });

  it('takes the names of headers that are new on purpose', () => {
    const { allowedHeaders } = releaseArguments({ ALLOW_HEADERS: 'X-Cache, age' }, true);
    expect(allowedHeaders).toEqual(['x-cache', 'age']);
  });

  it.each(['0s', '5', 'long', '500ms'])('refuses the pause %s', (PAUSE) => {
    expect(() => releaseArguments({ PAUSE }, true)).toThrow(`PAUSE is "${PAUSE}"`);
  });
});
