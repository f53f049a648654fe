import { unzipSync, zipSync } from 'fflate';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { examplePlaces } from '../../../scripts/stack/build/build-places.ts';
import { buildZip } from '../../../scripts/stack/build/build-zip.ts';
import type { Candidate } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import { nodeCommand } from './node-command.ts';

/** The zip that Lambda is sent, built anew and unpacked as Lambda unpacks it. */
export const preparePostern = async (): Promise<Candidate> => {
  const { path } = await buildZip(examplePlaces);
  const files = unzipSync(readFileSync(path));
  const folder = join(workFolder, 'postern');
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return posternIn(folder, zipBytesWithoutCodeCache(files));
};

export const posternIn = (folder: string, zipBytes: number): Candidate => ({
  name: 'postern',
  title: 'Postern',
  kind: 'postern',
  command: nodeCommand(join(folder, 'index.js')),
  zipBytes,
});

/** A code cache repeats what V8 would make of the source, and the goal for the size leaves it out. */
const zipBytesWithoutCodeCache = (files: Readonly<Record<string, Uint8Array>>): number => {
  const sources = Object.entries(files).filter(([name]) => !name.endsWith('.cache'));
  return zipSync(Object.fromEntries(sources), { level: 9 }).length;
};

/** The upstreams whose URLs its environment must name. */
export const upstreamsOfContract = (): readonly string[] => {
  const file = join(examplePlaces.outFolder, 'contract.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { upstreams: readonly string[] }).upstreams;
};
