import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import type { KindsOfUpstream } from '../measure/kinds.ts';
import { prepareFloor, prepareInvoke } from './floor.ts';
import { prepareNodePeer } from './node-peer.ts';
import { preparePostern, prepareSmallestLambda } from './postern.ts';
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

/** The kinds of upstream whose cost is compared. */
export const prepareKinds = async (
  candidates: readonly Candidate[],
  [smallest]: readonly Candidate[],
): Promise<KindsOfUpstream> => {
  const direct = candidates.find(({ name }) => name === 'node_http');
  if (!direct || !smallest) throw new TypeError('A candidate is missing');
  return {
    http: { direct, gateway: smallest },
    lambda: { direct: prepareInvoke(), gateway: await prepareSmallestLambda() },
  };
};
