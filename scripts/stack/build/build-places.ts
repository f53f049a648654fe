import { join, relative } from 'node:path';
import {
  codeExtension,
  isRepository,
  packageFolder,
  projectFolder,
  runtimeFolder,
  terraformFolder,
  workFolder,
} from '../command-line/folders.ts';

const handlerFolder = join(packageFolder, 'handler');
const entryFile = join(runtimeFolder, `index${codeExtension}`);

/** The example contract that tests and measurements use, so that they hold whatever `handler/gateway.yaml` says. */
const exampleFolder = join(handlerFolder, 'testing/example');

export const examplePlaces = {
  contractFile: join(exampleFolder, 'gateway.yaml'),
  entryFile,
  generatedFolder: join(handlerFolder, 'generated/example'),
  outFolder: join(handlerFolder, 'dist/example'),
  summaryFile: join(handlerFolder, 'dist/example/contract.json'),
};

/** For a command that deploys the example in place of the contract at hand: a test stack, a drill. */
export const exampleVariables: NodeJS.ProcessEnv = {
  LOCAL_EXAMPLE: '1',
  LOCAL_VARIABLES_FILE: join(exampleFolder, 'local.tfvars'),
  TF_VAR_package_path: join(relative(terraformFolder, examplePlaces.outFolder), 'gateway.zip'),
};

/** Of the project's own contract. */
export const ownPlaces = isRepository
  ? {
      contractFile: join(handlerFolder, 'gateway.yaml'),
      entryFile,
      generatedFolder: join(handlerFolder, 'generated'),
      outFolder: join(handlerFolder, 'dist'),
      summaryFile: join(handlerFolder, 'dist/contract.json'),
    }
  : {
      contractFile: join(projectFolder, 'gateway.yaml'),
      entryFile,
      generatedFolder: join(workFolder, 'generated'),
      outFolder: join(workFolder, 'build'),
      // To be committed: with it, Terraform plans without a build.
      summaryFile: join(projectFolder, 'contract.json'),
    };

/** Where this command's build reads and writes. */
export const buildPlaces = process.env['LOCAL_EXAMPLE'] === '1' ? examplePlaces : ownPlaces;
