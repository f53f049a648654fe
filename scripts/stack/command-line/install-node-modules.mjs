/**
 * Installs node_modules where it does not hold what package-lock.json says. Plain JavaScript, as the
 * system's own Node runs it, which may not know TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, utimesSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/** Packages for other systems are optional: they are in the lock file only. */
const isComplete = () => {
  const there = packagesOf(installed);
  if (there === undefined) return false;
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || there[path]?.version === version || (optional && there[path] === undefined),
  );
};

const fail = (message) => {
  console.error(`Error: ${message}`);
  process.exit(1);
};

const [major] = process.versions.node.split('.').map(Number);
if (major < 20)
  fail(
    `Node ${process.versions.node} is too old; version 20 or newer is needed: https://nodejs.org`,
  );

if (!isComplete()) {
  const startedAt = Date.now();
  console.error('  … npm ci');
  const { error, status, stdout, stderr } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      encoding: 'utf8',
    },
  );
  if (error) fail('npm was not found; it comes with Node: https://nodejs.org');
  if (status !== 0) fail(`npm ci failed.\n${stdout}${stderr}`);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.error(`  ✓ ${'npm ci'.padEnd(54)} ${seconds.padStart(6)} s`); // In the format of `step`.
}
const now = new Date();
utimesSync(installed, now, now);
