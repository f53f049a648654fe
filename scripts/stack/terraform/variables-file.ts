import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf, services } from '../demo-upstreams/services.ts';
import type { Environment } from '../environments/environment.ts';
import { usualPort } from '../environments/local-environment.ts';

/** The environment's tfvars; where the local stack stands on other ports, a copy in which the demo services do too. */
export const variablesFileOf = ({ variablesFile, folder, local }: Environment): string => {
  if (local?.chosenPort === undefined) return variablesFile;
  const moved = withDemoServicesAt(local.chosenPort, readFileSync(variablesFile, 'utf8'));
  const file = copyIn(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, moved);
  return file;
};

/** What Terraform is given, where that is a copy, and what the user edits. */
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
