import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readStack } from '../../stack/terraform/state-backend.ts';

/** What a release needs of Terraform's outputs, beside the deployment itself. */
export interface ReleaseOutputs {
  readonly aliasName: string;
  readonly alarmNames: readonly string[];
}

export const readReleaseOutputs = async (environment: Environment): Promise<ReleaseOutputs> => {
  const stack = (await readStack(environment)) ?? {};
  const aliasName = stack['alias_name'];
  const alarmNames = stack['alarm_names'];
  if (typeof aliasName !== 'string' || !Array.isArray(alarmNames)) {
    throw new CommandError(
      `${environment.name} was deployed before releases existed. Deploy it again.`,
    );
  }
  return { aliasName, alarmNames: alarmNames.map(String) };
};
