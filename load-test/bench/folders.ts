import { join } from 'node:path';
import { projectFolder, workFolder as postern } from '../../scripts/stack/command-line/folders.ts';

export const benchFolder = import.meta.dirname;
/** What the bench installs and builds. */
export const workFolder = join(postern, 'bench');
export const docsFolder = join(projectFolder, 'docs');
