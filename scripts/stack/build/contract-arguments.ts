import { resolve } from 'node:path';
import type { Arguments } from '../command-line/arguments.ts';
import { projectFolder } from '../command-line/folders.ts';
import { buildPlaces } from './build-places.ts';

/** Of a command that reads a contract. */
export const contractArguments = ['CONTRACT'] as const;

/** The contract that was named, or the project's own. */
export const contractFileOf = ({ CONTRACT }: Arguments<'CONTRACT'>): string =>
  CONTRACT === undefined ? buildPlaces.contractFile : resolve(projectFolder, CONTRACT);
