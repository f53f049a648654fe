import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import { prepareFloor } from './floor.ts';
import { prepareNodePeer } from './node-peer.ts';
import { preparePostern } from './postern.ts';
import { preparePythonPeer } from './python-peer.ts';

/** All that is measured, in the order in which it is shown. */
export const prepareCandidates = async (): Promise<readonly Candidate[]> => {
  mkdirSync(workFolder, { recursive: true });
  // Unpacked within this project, the bundles would pass for ES modules, as it is one; on Lambda nothing is above them.
  writeFileSync(join(workFolder, 'package.json'), '{ "type": "commonjs" }\n');
  const postern = await preparePostern();
  // Mostly waiting for downloads, the first time: all at once.
  const peers = await step('install and bundle the peers', () =>
    Promise.all([
      prepareNodePeer('hono', 'Hono'),
      prepareNodePeer('express', 'Express'),
      prepareNodePeer('fastify', 'Fastify'),
      preparePythonPeer(),
    ]),
  );
  return [...prepareFloor(), ...postern, ...peers];
};
