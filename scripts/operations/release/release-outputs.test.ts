import { describe, expect, it } from '@jest/globals';
import { requireReleases } from './release-outputs.ts';

const outputs = { aliasName: 'live', alarmNames: [] };

describe('requireReleases', () => {
  it('accepts a gateway whose traffic is moved by releases', () => {
    expect(() => requireReleases({ ...outputs, traffic: 'release' })).not.toThrow();
  });

  it('refuses one whose next apply would undo a release, and says what to set', () => {
    expect(() => requireReleases({ ...outputs, traffic: 'apply' })).toThrow(
      'Set function = { traffic = "release" } in the module gateway',
    );
  });
});
