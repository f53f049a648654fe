import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

/** One process of the AWS provider for many runs of Terraform. */
export interface SharedProvider {
  /** With them, Terraform uses the process instead of its own, which it would start several times a run. */
  readonly variables: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the provider that `terraform init` has put into a data folder. What configures it last does so for all: one run
 * at a time may use it, with one configuration of the provider. Throws what it wrote if it does not start.
 * https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export const startProvider = async (dataFolder: string): Promise<SharedProvider> => {
  // It ends with its standard input, and so with this process, however that ends.
  const script = '"$0" -debug 2>&1 & cat > /dev/null; kill -INT $!; wait $!';
  const child = spawn('sh', ['-c', script, programIn(dataFolder)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // It would log each call.
    env: { ...withoutSettings, TF_LOG_SDK: 'OFF' },
  });
  const written: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    const [, reattach] = /^\s*TF_REATTACH_PROVIDERS='(.+)'$/.exec(line) ?? [];
    written.push(line);
    if (reattach === undefined) continue;
    child.stdout.resume();
    return {
      variables: { TF_REATTACH_PROVIDERS: reattach },
      stop: async () => {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error(`the provider did not start:\n${written.join('\n')}`);
};

/** Of AWS, such as a bundle of certificates, with which it cannot be configured a second time. */
const withoutSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')),
);

/** Below the version and the platform, which is often a link into a mirror. */
const programIn = (dataFolder: string): string => {
  const provider = join(dataFolder, 'providers/registry.terraform.io/hashicorp/aws');
  const [program] = readdirSync(provider)
    .flatMap((version) => filesIn(join(provider, version)))
    .flatMap(filesIn)
    .filter((file) => basename(file).startsWith('terraform-provider-aws'));
  if (program === undefined) throw new Error(`${provider} has no program`);
  return program;
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).map((name) => join(folder, name));
