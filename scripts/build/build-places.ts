import { join } from 'node:path';
import { projectFolder } from '../command-line/folders.ts';

const handlerFolder = join(projectFolder, 'handler');

/** Where the product's own build reads and writes; tests have folders of their own. */
export const buildPlaces = {
  contractFile: join(handlerFolder, 'gateway.yaml'),
  entryFile: join(handlerFolder, 'src/index.ts'),
  generatedFolder: join(handlerFolder, 'generated'),
  outFolder: join(handlerFolder, 'dist'),
};
