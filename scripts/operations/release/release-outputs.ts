import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readStack } from '../../stack/terraform/state-backend.ts';

/** What a release needs of Terraform's outputs, beside the deployment itself. */
export interface ReleaseOutputs {
  readonly aliasName: string;
  readonly alarmNames: readonly string[];
  /** What moves the traffic: each apply, or releases and rollbacks. */
  readonly traffic: 'apply' | 'release';
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
  const traffic = stack['traffic'] === 'apply' ? 'apply' : 'release';
  return { aliasName, alarmNames: alarmNames.map(String), traffic };
};

/** Throws a `CommandError` where the next apply would undo what a release or a rollback does. */
export const requireReleases = ({ traffic }: ReleaseOutputs): void => {
  if (traffic === 'release') return;
  throw new CommandError(
    'Each apply of this gateway moves the traffic (traffic = "apply"), so the next one would undo this. Set function = { traffic = "release" } in the module gateway, deploy, and try again.',
  );
};
