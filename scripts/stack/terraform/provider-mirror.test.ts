import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProviderMirror } from './cli-config.ts';
import { isSupportedTerraform } from './find-terraform.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-mirror-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

const mirrorAt = (path: string, version = '5.100.0'): string => {
  const mirror = join(folder, path);
  const provider = join(mirror, 'registry.terraform.io', 'hashicorp', 'aws');
  mkdirSync(join(provider, version, platform), { recursive: true });
  return mirror;
};

describe('findProviderMirror', () => {
  it('prefers the configured one to those that Terraform finds by itself', () => {
    const usual = mirrorAt('data/terraform/plugins');
    const XDG_DATA_DIRS = `/nowhere:${join(folder, 'data')}`;
    const named = mirrorAt('named');
    expect(findProviderMirror('5.100.0', { XDG_DATA_DIRS, POSTERN_PROVIDER_MIRROR: named })).toBe(
      named,
    );
    expect(findProviderMirror('0.0.1', { XDG_DATA_DIRS })).toBeUndefined();
    mirrorAt('data/terraform/plugins', '0.0.1');
    expect(findProviderMirror('0.0.1', { XDG_DATA_DIRS })).toBe(usual);
  });

  it('takes packed mirrors as well', () => {
    const provider = join(folder, 'registry.terraform.io', 'hashicorp', 'aws');
    mkdirSync(provider, { recursive: true });
    writeFileSync(join(provider, `terraform-provider-aws_0.0.2_${platform}.zip`), '');
    expect(findProviderMirror('0.0.2', { POSTERN_PROVIDER_MIRROR: folder })).toBe(folder);
  });

  it('leaves a mirror for other machines alone', () => {
    mkdirSync(join(folder, 'registry.terraform.io', 'hashicorp', 'aws', '0.0.3', 'plan9_mips'), {
      recursive: true,
    });
    expect(findProviderMirror('0.0.3', { POSTERN_PROVIDER_MIRROR: folder })).toBeUndefined();
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
