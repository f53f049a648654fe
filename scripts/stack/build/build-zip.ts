import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { note, step } from '../command-line/step.ts';
import { type ContractPlaces, writeContract } from '../../../handler/compiler/write-contract.ts';
import { type AwsClientChoice, chosenAwsClient } from './aws-client-choice.ts';
import { bundle, type BundlePlaces } from './bundle.ts';
import { zip } from './zip.ts';

export type BuildPlaces = ContractPlaces & BundlePlaces;

export interface BuiltZip {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Builds `gateway.zip` and, beside it, the files in it. Where anything fails no zip is left, not even an old one. */
export const buildZip = async (
  places: BuildPlaces,
  awsClient: AwsClientChoice = chosenAwsClient(),
): Promise<BuiltZip> => {
  const { outFolder } = places;
  const path = join(outFolder, 'gateway.zip');
  try {
    const warnings = await step('compile the contract', () => writeContract(places));
    warnings.forEach(note);
    const handler = await step('bundle the handler', () => bundle(places, awsClient));
    const files = { 'index.js': handler };
    const contents = zip(files);
    await mkdir(outFolder, { recursive: true });
    for (const [name, file] of Object.entries(files)) await writeFile(join(outFolder, name), file);
    await writeFile(path, contents);
    return {
      path,
      bytes: contents.length,
      sha256: createHash('sha256').update(contents).digest('hex'),
    };
  } catch (error) {
    await Promise.all([path, join(outFolder, 'index.js')].map((file) => rm(file, { force: true })));
    throw error;
  }
};
