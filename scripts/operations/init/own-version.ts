import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageFolder } from '../../stack/command-line/folders.ts';

/** Postern's own. */
export const ownVersion = (): string =>
  (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string })
    .version;

interface HiddenLockfile {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string } | undefined>>;
}

/**
 * The tarball that this copy of Postern was installed from, as package.json names it, such as `file:/tmp/postern.tgz`;
 * undefined if it came from a registry.
 */
export const ownSpecification = (folder = packageFolder): string | undefined => {
  const lockfile = join(dirname(folder), '.package-lock.json');
  if (!existsSync(lockfile)) return undefined;
  const { packages = {} } = JSON.parse(readFileSync(lockfile, 'utf8')) as HiddenLockfile;
  const { resolved = '' } = packages['node_modules/postern'] ?? {};
  if (!resolved.startsWith('file:')) return undefined;
  return `file:${resolve(dirname(dirname(folder)), resolved.slice('file:'.length))}`;
};
