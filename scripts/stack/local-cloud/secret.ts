import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The credential of a local stack's own commands, which no web page can read: the secret of the only key for its
 * account, and the token for the controls of the emulator and the demo services.
 */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Undefined if there is none: no stack, or one of a version without a secret. */
export const readSecret = (folder: string): string | undefined => {
  const file = secretFile(folder);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
};

/** For this user alone; the folder is ignored by Git, and removed with the stack. */
export const keepSecret = (folder: string, secret: string): void => {
  mkdirSync(folder, { recursive: true });
  // The mode counts for a new file only.
  rmSync(secretFile(folder), { force: true });
  writeFileSync(secretFile(folder), `${secret}\n`, { mode: 0o600 });
};

const secretFile = (folder: string): string => join(folder, 'secret');
