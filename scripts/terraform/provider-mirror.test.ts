import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSupportedTerraform } from './find-terraform.ts';
import { findProviderMirrors } from './provider-mirror.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-mirror-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const mirrorAt = (path: string): string => {
  const mirror = join(folder, path);
  mkdirSync(join(mirror, 'registry.example', 'hashicorp', 'aws', '5.100.0'), { recursive: true });
  return mirror;
};

describe('findProviderMirrors', () => {
  it('begins with the one that is named, and looks where Terraform would', () => {
    const named = mirrorAt('named');
    const data = mirrorAt('data/terraform/plugins');
    const mirrors = findProviderMirrors({
      POSTERN_PROVIDER_MIRROR: named,
      XDG_DATA_DIRS: join(folder, 'data'),
    });
    expect(mirrors.slice(0, 1)).toEqual([named]);
    expect(mirrors).toContain(data);
  });

  it('takes only folders that hold the provider', () => {
    mkdirSync(join(folder, 'data', 'terraform', 'plugins', 'registry.example'), {
      recursive: true,
    });
    const mirrors = findProviderMirrors({
      POSTERN_PROVIDER_MIRROR: folder,
      XDG_DATA_DIRS: join(folder, 'data'),
    });
    expect(mirrors.filter((mirror) => mirror.startsWith(folder))).toEqual([]);
  });
});

describe('isSupportedTerraform', () => {
  it.each(['1.11.0', '1.12.2', '2.0.0'])('takes %s', (version) => {
    expect(isSupportedTerraform(version)).toBe(true);
  });
  it.each(['1.10.5', '0.15.0'])('refuses %s', (version) => {
    expect(isSupportedTerraform(version)).toBe(false);
  });
});
