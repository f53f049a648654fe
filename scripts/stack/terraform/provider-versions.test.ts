import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { terraformFolder } from '../command-line/folders.ts';

const modules = ['modules', 'extras'].flatMap((folder) =>
  readdirSync(join(terraformFolder, folder)).map((name) => join(folder, name)),
);
const roots = [terraformFolder, join(terraformFolder, 'bootstrap')];

const constraintOf = (folder: string): string | undefined =>
  /source\s+= "hashicorp\/aws"\s+version = "([^"]+)"/.exec(
    readFileSync(join(folder, 'versions.tf'), 'utf8'),
  )?.[1];

/** The module's code without comments, which may name discouraged settings. */
const codeOf = (folder: string): string =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(/^\s*#.*$/gm, ''))
    .join('\n');

/** What exists, or is not deprecated, in one of the provider's major versions 5 and 6 alone. */
const ofOneMajor: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  [
    'data.aws_region: name and id are deprecated in 6, region is unknown to 5',
    /\bdata\.aws_region\.\w+\.(?!endpoint\b)/,
  ],
  [
    'region of a single resource: unknown to 5',
    /^(?:resource|data|ephemeral) "aws_[^{]*\{\n(?:(?!^\}).*\n)*? {2}region\s*=/m,
  ],
  ['aws_s3_bucket.bucket_region: unknown to 5', /\.bucket_region\b/],
  ['aws_lambda_permission.invoked_via_function_url: unknown to 5', /\binvoked_via_function_url\b/],
  ['response_transfer_mode: unknown to 5', /\bresponse_transfer_mode\b/],
];

describe('the version of the AWS provider', () => {
  it.each(modules)('module %s accepts every version from 5.100 on', (name) => {
    expect(constraintOf(join(terraformFolder, name))).toBe('>= 5.100');
  });

  it.each(modules)('module %s uses nothing that only version 5 or only version 6 has', (name) => {
    const code = codeOf(join(terraformFolder, name));
    expect(ofOneMajor.filter(([, pattern]) => pattern.test(code)).map(([what]) => what)).toEqual(
      [],
    );
  });

  it.each(roots.map((folder) => relative(terraformFolder, folder) || '.'))(
    'the root %s is pinned to one major version, and to one version by its lock file',
    (root) => {
      const folder = join(terraformFolder, root);
      expect(constraintOf(folder)).toMatch(/^~> \d+\.\d+$/);
      const lockFile = join(folder, '.terraform.lock.hcl');
      expect(existsSync(lockFile)).toBe(true);
      expect(readFileSync(lockFile, 'utf8')).toMatch(/version\s+= "\d+\.\d+\.\d+"/);
    },
  );
});
