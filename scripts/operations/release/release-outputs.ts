import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readOutputs } from '../../stack/terraform/state-backend.ts';

/** What a release needs of Terraform's outputs, beside the deployment itself. */
export interface ReleaseOutputs {
  readonly aliasName: string;
  readonly alarmNames: readonly string[];
}

export const readReleaseOutputs = async (environment: Environment): Promise<ReleaseOutputs> => {
  const outputs = (await readOutputs(environment)) ?? {};
  const aliasName = outputs['alias_name']?.value;
  const alarmNames = outputs['alarm_names']?.value;
  if (typeof aliasName !== 'string' || !Array.isArray(alarmNames)) {
    throw new CommandError(
      `${environment.name} was deployed before releases existed. Deploy it again.`,
    );
  }
  return { aliasName, alarmNames: alarmNames.map(String) };
};
