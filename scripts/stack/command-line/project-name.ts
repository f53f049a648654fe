import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from './folders.ts';

/** By package.json, without a scope; the folder's name where there is none. It is in the key of the Terraform state. */
export const projectName = (folder = projectFolder): string => {
  const file = join(folder, 'package.json');
  const { name } = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string })
    : {};
  return (name ?? basename(folder)).replace(/^@.*\//, '');
};
