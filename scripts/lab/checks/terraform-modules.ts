import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { terraformFolder, workFolder } from '../../stack/command-line/folders.ts';
import { type Finished, run } from '../../stack/command-line/run.ts';
import { cliConfigVariables } from '../../stack/terraform/cli-config.ts';

/** The root module, the bootstrap and each module separately. */
export const moduleFolders = (): readonly string[] => {
  const modules = ['modules', 'extras'].flatMap((folder) =>
    readdirSync(join(terraformFolder, folder)).map((name) => join(terraformFolder, folder, name)),
  );
  return [terraformFolder, join(terraformFolder, 'bootstrap'), ...modules];
};

/** Where Terraform keeps its working data of a module that is checked, such as its providers. */
export const dataFolderOf = (name: string): string => join(workFolder, 'checks', name);

export interface Settings {
  /** The name of the folder for its working data. Two runs at a time need different ones. */
  readonly data?: string;
  readonly variables?: NodeJS.ProcessEnv;
}

/** Runs Terraform in a module without a backend; nothing is reached but the provider's mirror. */
export const terraformIn = (
  folder: string,
  args: readonly string[],
  { data = relative(terraformFolder, folder) || 'root', variables = {} }: Settings = {},
): Promise<Finished> =>
  run('terraform', [`-chdir=${folder}`, ...args], {
    env: {
      ...process.env,
      ...cliConfigVariables(),
      ...variables,
      TF_DATA_DIR: dataFolderOf(data),
      CHECKPOINT_DISABLE: '1',
      // Tests with mocks need no region, but the provider's schema does in some of its functions.
      AWS_REGION: 'us-east-1',
    },
  });

export const initWithoutBackend = ['init', '-backend=false', '-input=false', '-no-color'];
