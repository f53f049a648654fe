import { CommandError } from '../command-line/command-error.ts';
import { run } from '../command-line/run.ts';

const howToGet = 'Get it: https://developer.hashicorp.com/terraform/install';

/** The version. Throws if the path has no Terraform, or one without state locks in S3. */
export const requireTerraform = async (): Promise<string> => {
  const version = await terraformVersion();
  if (version === undefined) {
    throw new CommandError(`Terraform was not found; version 1.11 or newer is needed. ${howToGet}`);
  }
  if (!isSupportedTerraform(version)) {
    throw new CommandError(
      `Terraform ${version} is too old; version 1.11 or newer is needed. ${howToGet}`,
    );
  }
  return version;
};

export const isSupportedTerraform = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 11);
};

const terraformVersion = async (): Promise<string | undefined> => {
  try {
    const { stdout } = await run('terraform', ['version', '-json'], {
      env: { PATH: process.env['PATH'], CHECKPOINT_DISABLE: '1' },
    });
    return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
  } catch {
    return undefined;
  }
};
