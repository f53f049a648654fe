import { relative } from 'node:path';
import { suggestion } from '../../../handler/compiler/nearest.ts';
import { buildPlaces } from '../build/build-places.ts';
import { buildZip, type BuiltZip, switchedFeatures } from '../build/build-zip.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';
import { note, quietly, step } from '../command-line/step.ts';
import type { Environment } from '../environments/environment.ts';
import { readVariables, type Variables } from '../terraform/read-variables.ts';

export interface BuiltFor extends BuiltZip {
  /** The values of Terraform's variables in the environment. */
  readonly variables: Variables;
}

/** Builds the zip with the parts that the environment's tfvars need. Throws if the tfvars are invalid. */
export const buildFor = async (environment: Environment): Promise<BuiltFor> => {
  const variables = await step('variables', () => readVariables(environment));
  const switchedOn = switchedFeatures.filter((feature) => Boolean(variables[feature]));
  const built = await step('build', () => quietly(() => buildZip(buildPlaces, { switchedOn })));
  built.warnings.forEach(note);
  return { variables, ...built };
};

/**
 * Throws where the tfvars have no URL or ARN for an upstream of the contract, or one for an upstream that it does not
 * have. Terraform reports this as well, but it can plan only once there is a bucket for its state, which takes the first
 * deploy of an account a minute.
 */
export const requireUpstreamUrls = (
  { variablesFile, settings, local }: Environment,
  { variables, summary }: Pick<BuiltFor, 'variables' | 'summary'>,
): void => {
  const { upstreams, upstream_kinds: kinds } = summary;
  const ofAws = Object.keys(kinds ?? {});
  const file = relative(projectFolder, variablesFile);
  const given = Object.keys(addressesOf(variables));
  const where = settings === undefined ? 'upstream_service_urls' : 'upstreams';
  const unknown = given.filter((name) => !upstreams.includes(name));
  if (unknown.length > 0) {
    const hints = unknown.map((name) => `  ${name}${suggestion(name, upstreams)}`);
    throw new CommandError(
      `${file}: ${where} names what is not an upstream of the contract:\n${hints.join('\n')}`,
    );
  }
  // A project's own Terraform may make what is a resource of AWS, and hand its ARN to the module.
  const isMade = (name: string): boolean => settings !== undefined && ofAws.includes(name);
  const missing = upstreams.filter((name) => !given.includes(name) && !isMade(name));
  // On a project's own machine, mocks stand for the others.
  if (missing.length === 0 || (settings !== undefined && local !== undefined)) return;
  const addresses = new Set(missing.map((name) => (ofAws.includes(name) ? 'ARN' : 'URL')));
  const lines = missing.map((name) => {
    const address = ofAws.includes(name) ? 'arn:aws:…' : 'https://…';
    return `  ${name}${settings === undefined ? ' =' : ':'} "${address}"`;
  });
  throw new CommandError(
    `There is no ${[...addresses].join(' or ')} for ${missing.join(', ')}. Add to ${file}, inside ${where}:\n${lines.join('\n')}`,
  );
};

/** The URLs and ARNs of the upstreams that the tfvars have, by upstream. */
export const addressesOf = (variables: Variables): Readonly<Record<string, string>> =>
  (variables['upstream_service_urls'] ?? {}) as Readonly<Record<string, string>>;
