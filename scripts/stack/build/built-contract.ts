import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contract } from '../../../handler/src/contract.ts';
import { writeContract } from './write-contract.ts';
import { buildPlaces } from './build-places.ts';

export interface BuiltContract {
  readonly contract: Contract;
  /** The published document, as `/openapi.json` serves it. */
  readonly openapi: string;
}

/** Compiles the contract and reads the result. A `CommandError` says what is wrong with it. */
export const compileOwnContract = async (): Promise<BuiltContract> => {
  await writeContract(buildPlaces);
  return readBuiltContract();
};

/** What this command's build has compiled. */
export const readBuiltContract = async (): Promise<BuiltContract> => {
  const file = pathToFileURL(join(buildPlaces.generatedFolder, 'contract.js')).href;
  const { contract } = (await import(file)) as { contract: Contract };
  const openapi = readFileSync(join(buildPlaces.generatedFolder, 'openapi.json'), 'utf8');
  return { contract, openapi };
};
