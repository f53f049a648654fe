import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { httpUrl } from '../../../handler/src/environment.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { importGateway } from '../import/import-gateway.ts';
import { ownSpecification, ownVersion } from './own-version.ts';

/** What a new project is asked for. */
export interface NewProject {
  /** Begins the name of every resource: 2 to 24 lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly region: string;
  /** An OpenAPI document, or the configuration of another gateway; absent: the example contract. */
  readonly document?: string | undefined;
}

/** The smallest of the examples: every new project is a copy of it. */
const template = join(packageFolder, 'examples', 'minimal');
const nameInTemplate = 'minimal';

const files = [
  ...['gateway.yaml', 'environments.yaml', 'main.tf', '.terraform.lock.hcl'],
  join('.github', 'workflows', 'gateway.yml'),
];

/** npm leaves a file of this name out of every package. */
export const gitignore = 'node_modules/\n.postern/\n.terraform/\n';

/** What is there after `npm install postern`, and what `git init` makes. */
const expected: readonly string[] = [
  ...['package.json', 'package-lock.json', 'node_modules', '.git', '.gitignore'],
];

/**
 * Writes a project into an empty folder and returns its files, from the folder. Throws a `CommandError`, and has written
 * nothing, if the folder holds anything else than npm's and Git's own files, or if a name or the document cannot be used.
 */
export const initProject = async (
  folder: string,
  { name, region, document }: NewProject,
): Promise<readonly string[]> => {
  requireName(name);
  requireRegion(region);
  await mkdir(folder, { recursive: true });
  const present = readdirSync(folder);
  requireEmpty(folder, present, document);
  const written = await importDocument(folder, document);
  for (const file of files) {
    if (file === 'gateway.yaml' && written.urls !== undefined) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), textOf(file, { name, region, urls: written.urls }));
  }
  await writeFile(join(folder, 'package.json'), packageJson(folder, name, present));
  const ownFiles = present.includes('.gitignore') ? [] : ['.gitignore'];
  for (const file of ownFiles) await writeFile(join(folder, file), gitignore);
  return [...new Set(['package.json', ...written.files, ...files, ...ownFiles])];
};

const requireEmpty = (
  folder: string,
  present: readonly string[],
  document: string | undefined,
): void => {
  const isDocument = (name: string): boolean =>
    document !== undefined && resolve(document) === resolve(folder, name);
  const others = present.filter((name) => !expected.includes(name) && !isDocument(name));
  if (others.length === 0) return;
  const some = others.slice(0, 5).join(', ');
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  throw new CommandError(
    `${folder} is not empty: it has ${some}${more}. A new project needs a folder of its own:\n` +
      '  mkdir my-gateway && cd my-gateway && npx postern init',
  );
};

const requireName = (name: string): void => {
  if (/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/.test(name)) return;
  throw new CommandError(
    `"${name}" cannot begin the names of AWS resources. Use 2 to 24 lower-case letters, digits and hyphens, ` +
      `beginning with a letter, such as ${usableName(name)}: npx postern init --name ${usableName(name)}`,
  );
};

/** The nearest name that resources can have. */
export const usableName = (text: string): string => {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  return name.length < 2 ? 'gateway' : name;
};

const requireRegion = (region: string): void => {
  if (/^[a-z]{2}(-[a-z]+)+-[0-9]$/.test(region)) return;
  throw new CommandError(`"${region}" is not the name of an AWS region, such as eu-central-1.`);
};

interface ImportedDocument {
  readonly files: readonly string[];
  /** Of its upstreams; absent: nothing is imported. */
  readonly urls?: Readonly<Record<string, string>> | undefined;
}

const importDocument = async (
  folder: string,
  document: string | undefined,
): Promise<ImportedDocument> => {
  if (document === undefined) return { files: [] };
  const copy = join(folder, basename(document));
  const isElsewhere = resolve(document) !== resolve(copy);
  if (isElsewhere)
    await copyFile(document, copy).catch((cause: unknown) => {
      throw new CommandError(`${document} cannot be read (${(cause as Error).message}).`);
    });
  const out = join(folder, 'gateway.yaml');
  const { urls } = await importGateway({ files: [copy], out, overwrites: false, folder });
  return { files: [relative(folder, copy), 'gateway.yaml'], urls };
};

/** A file of the template, for this project. */
const textOf = (
  file: string,
  { name, region, urls }: Omit<NewProject, 'document'> & Pick<ImportedDocument, 'urls'>,
): string => {
  const text = readFileSync(join(template, file), 'utf8');
  if (file === 'main.tf') return text.replace(`"${nameInTemplate}-`, `"${name}-`);
  if (file !== 'environments.yaml') return text;
  const environments = parseDocument(text);
  for (const environment of ['dev', 'prod']) {
    environments.setIn([environment, 'region'], region);
    if (urls === undefined) continue;
    const usable = Object.entries(urls).filter(([, url]) => httpUrl(url) !== undefined);
    environments.setIn([environment, 'upstreams'], Object.fromEntries(usable));
  }
  return environments.toString({ lineWidth: 120 });
};

interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** With Postern as a dependency, in the version that writes it, unless the file names another. */
const packageJson = (folder: string, name: string, present: readonly string[]): string => {
  const existing: Manifest = present.includes('package.json')
    ? (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest)
    : { name, private: true };
  const { dependencies, devDependencies } = existing;
  const isNamed = (dependencies?.['postern'] ?? devDependencies?.['postern']) !== undefined;
  const added = isNamed
    ? {}
    : { devDependencies: { ...devDependencies, postern: ownSpecification() ?? ownVersion() } };
  return `${JSON.stringify({ ...existing, ...added }, undefined, 2)}\n`;
};
