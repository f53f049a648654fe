import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRepository } from '../command-line/folders.ts';

/** Makes a folder for generated ES modules. In a project of another module type, it has to say so to Node. */
export const makeModuleFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  if (!isRepository) writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
};
