import { join, relative } from 'node:path';
import { projectFolder, terraformFolder } from '../command-line/folders.ts';

const handlerFolder = join(projectFolder, 'handler');
const entryFile = join(handlerFolder, 'src/index.ts');

/** The example contract that tests and measurements use, so that they hold whatever `handler/gateway.yaml` says. */
const exampleFolder = join(handlerFolder, 'testing/example');

export const examplePlaces = {
  contractFile: join(exampleFolder, 'gateway.yaml'),
  entryFile,
  generatedFolder: join(handlerFolder, 'generated/example'),
  outFolder: join(handlerFolder, 'dist/example'),
};

/** For a command that deploys the example in place of the contract at hand: a test stack, a drill. */
export const exampleVariables: NodeJS.ProcessEnv = {
  LOCAL_EXAMPLE: '1',
  LOCAL_VARIABLES_FILE: join(exampleFolder, 'local.tfvars'),
  TF_VAR_package_path: join(relative(terraformFolder, examplePlaces.outFolder), 'gateway.zip'),
};

export const ownPlaces = {
  contractFile: join(handlerFolder, 'gateway.yaml'),
  entryFile,
  generatedFolder: join(handlerFolder, 'generated'),
  outFolder: join(handlerFolder, 'dist'),
};

/** Where this command's build reads and writes. */
export const buildPlaces = process.env['LOCAL_EXAMPLE'] === '1' ? examplePlaces : ownPlaces;
