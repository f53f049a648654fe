import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { benchFolder, workFolder } from '../folders.ts';
import { installOnce, runTool } from './install-once.ts';
import { nodeCommand } from './node-command.ts';

/** Installs a peer's own dependencies and bundles it as its users would: esbuild, minified, CommonJS. */
export const prepareNodePeer = async (
  name: 'hono' | 'express' | 'fastify',
  title: string,
): Promise<Candidate> => {
  const source = join(benchFolder, 'peers', name);
  const folder = join(workFolder, 'peers', name);
  const lockFile = join(source, 'package-lock.json');
  await installOnce(folder, [lockFile], async () => {
    copyFileSync(join(source, 'package.json'), join(folder, 'package.json'));
    copyFileSync(lockFile, join(folder, 'package-lock.json'));
    await runTool('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  });
  // Bundled where the dependencies are, which are never installed among the sources.
  copyFileSync(join(source, 'index.ts'), join(folder, 'index.ts'));
  cpSync(join(benchFolder, 'peers/shared'), join(folder, 'shared'), { recursive: true });
  const bundle = join(folder, 'dist/index.js');
  await build({
    entryPoints: [join(folder, 'index.ts')],
    outfile: bundle,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    logLevel: 'error',
  });
  return {
    name,
    title,
    kind: 'node peer',
    command: nodeCommand(bundle),
    zipBytes: zipSync({ 'index.js': readFileSync(bundle) }, { level: 9 }).length,
  };
};
