import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../../handler/compiler/nearest.ts';
import {
  findingsOf,
  formatFinding,
  type Path,
  type Report,
} from '../../../handler/compiler/problem.ts';
import { readYaml } from '../../../handler/compiler/source/yaml-source.ts';
import { CommandError } from '../command-line/command-error.ts';
import { projectFolder } from '../command-line/folders.ts';

/** What differs by environment in a project. `main.tf` reads the same file, and hands most of it on to the module. */
export const environmentsFile = join(projectFolder, 'environments.yaml');

/** One environment, by the names of the module's inputs. */
export interface EnvironmentSettings {
  readonly region: string;
  /** Where the Terraform state is; `postern-state-<account id>-<region>` unless it is named. */
  readonly state_bucket: string | undefined;
  readonly inputs: Readonly<Partial<Record<Input, Section>>>;
}

export type Section = Readonly<Record<string, unknown>>;

const inputs = [
  ...['upstreams', 'values', 'api', 'domain', 'function', 'stores', 'security', 'operations'],
] as const;
type Input = (typeof inputs)[number];

/** The environments by name, in the order of the file. Throws a `CommandError` with all problems by line. */
export const readEnvironmentsFile = (
  file = environmentsFile,
  name = 'environments.yaml',
): ReadonlyMap<string, EnvironmentSettings> => {
  const source = readYaml(readText(file, name), name);
  const problems = [...source.problems];
  const report: Report = (path, message, at = 'value') => {
    problems.push({ ...source.locate(path, at), message });
  };
  const found = new Map<string, EnvironmentSettings>();
  if (problems.length === 0) {
    const environments = mapOf(source.value, [], report);
    if (Object.keys(environments).length === 0)
      report([], 'names no environment — write one, such as "local: {}"');
    for (const [key, value] of Object.entries(environments)) {
      if (!/^[a-z][a-z0-9-]{0,14}[a-z0-9]$/.test(key))
        report([key], `"${key}" is not 2 to 16 lower-case letters, digits and hyphens`, 'key');
      found.set(key, settingsOf(key, value, report));
    }
  }
  if (problems.length === 0) return found;
  const findings = findingsOf({ problems, warnings: [] }, [name]);
  throw new CommandError(findings.map(formatFinding).join('\n'));
};

const settingsOf = (name: string, value: unknown, report: Report): EnvironmentSettings => {
  const settings = mapOf(value ?? {}, [name], report);
  for (const key of Object.keys(settings)) {
    // A project may have keys of its own, which its main.tf reads.
    const near = known.includes(key) ? undefined : nearest(key, known);
    if (near !== undefined) report([name, key], `"${key}" — did you mean "${near}"?`, 'key');
  }
  const text = (key: string): string | undefined => {
    const found = settings[key];
    if (found === undefined || found === null) return undefined;
    if (typeof found === 'string' && found !== '') return found;
    report([name, key], 'must be a text');
    return undefined;
  };
  const region = text('region') ?? (name === 'local' ? localRegion : undefined);
  if (region === undefined)
    report([name], `has no region — add "region: eu-central-1", or the one that you use`, 'key');
  return {
    region: region ?? '',
    state_bucket: text('state_bucket'),
    inputs: Object.fromEntries(
      inputs.flatMap((key) =>
        settings[key] === undefined || settings[key] === null
          ? []
          : [[key, mapOf(settings[key], [name, key], report)]],
      ),
    ),
  };
};

const known: readonly string[] = ['region', 'state_bucket', ...inputs];

/** The emulator has no others. */
const localRegion = 'us-east-1';

const mapOf = (value: unknown, path: Path, report: Report): Section => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Section;
  report(path, 'must be a map, such as "{ name: value }"');
  return {};
};

const readText = (file: string, name: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CommandError(
      `There is no ${name} in ${projectFolder}: it says what differs by environment, such as the addresses of upstreams. ` +
        'In a new folder, `postern init` writes one.',
    );
  }
};
