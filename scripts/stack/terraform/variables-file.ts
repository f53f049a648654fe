import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf, services } from '../demo-upstreams/services.ts';
import type { Environment } from '../environments/environment.ts';
import { usualPort } from '../environments/local-environment.ts';

/** The environment's tfvars; if the local stack uses other ports, a copy with the ports of its demo services. */
export const variablesFileOf = ({ variablesFile, folder, local }: Environment): string => {
  if (local?.chosenPort === undefined) return variablesFile;
  const moved = withDemoServicesAt(local.chosenPort, readFileSync(variablesFile, 'utf8'));
  const file = copyIn(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, moved);
  return file;
};

/** The copy that Terraform reads, and the file that the user edits. */
export const variablesFilesOf = ({ variablesFile, folder, local }: Environment) => ({
  copy: local?.chosenPort === undefined ? undefined : copyIn(folder),
  original: variablesFile,
});

const copyIn = (folder: string): string => join(folder, 'local.tfvars');

export const withDemoServicesAt = (cloudPort: number, tfvars: string): string =>
  Object.keys(services).reduce(
    (text, name) =>
      text.replaceAll(
        `"http://127.0.0.1:${portOf(name, usualPort)}"`,
        `"http://127.0.0.1:${portOf(name, cloudPort)}"`,
      ),
    tfvars,
  );
