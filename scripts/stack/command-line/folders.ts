import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '../../..');

/** What the commands fetch and keep: ignored by Git, and safe to delete while nothing runs. */
export const workFolder = join(projectFolder, '.postern');

export const terraformFolder = join(projectFolder, 'terraform');

export const binFolder = join(projectFolder, 'node_modules', '.bin');
