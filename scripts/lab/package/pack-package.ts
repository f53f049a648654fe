import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { bundledPackageOf } from './bundle-packages.ts';

/** The tarball of the npm package, as npm describes it. */
export interface Packed {
  readonly filename: string;
  readonly version: string;
  /** In bytes, of the tarball. */
  readonly size: number;
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>;
}

/** CycloneDX 1.5, as npm writes it. */
interface Sbom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly Component[];
  readonly dependencies: ReadonlyArray<{
    readonly ref: string;
    readonly dependsOn: readonly string[];
  }>;
}

interface Component {
  readonly 'bom-ref': string;
  /** In CycloneDX, a package's scope is a group of its own; npm writes both here: `@aws-sdk/client-s3`. */
  readonly name: string;
  readonly properties?: ReadonlyArray<{ readonly name: string }>;
}

/** Compiles and packs the npm package, of these sources or of others, into a folder. */
export const packPackage = async (folder: string, sources = packageFolder): Promise<Packed> => {
  mkdirSync(folder, { recursive: true });
  const output = await npm(['pack', '--json', '--pack-destination', folder], sources);
  // Of newer npm, an object by the name of the package.
  const [packed] = Object.values(JSON.parse(output) as Readonly<Record<string, Packed>>);
  if (packed === undefined) throw new CommandError('npm packed nothing.');
  return packed;
};

/** Beside the tarball: what its installation brings along (CycloneDX), and the SHA-256 of both files. */
export const describePackage = async (folder: string, { filename }: Packed): Promise<void> => {
  const bill = `${filename.replace(/\.tgz$/, '')}.cdx.json`;
  const sbom = JSON.parse(
    await npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']),
  ) as Sbom;
  writeFileSync(join(folder, bill), `${JSON.stringify(withoutDevelopment(sbom), undefined, 2)}\n`);
  const sums = [filename, bill].map((file) => `${sha256(join(folder, file))}  ${file}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
};

/**
 * `npm sbom --omit dev` (npm 11) also leaves out what both the package and a development tool depend on, and npm names
 * the package after its folder.
 */
const withoutDevelopment = ({ metadata, components, dependencies, ...sbom }: Sbom): Sbom => {
  const isForDevelopment = ({ properties = [] }: Component): boolean =>
    properties.some(({ name }) => name === 'cdx:npm:package:development');
  const isBundled = reachableFrom(
    components.filter(({ name }) => bundledPackageOf(name) === name),
    dependencies,
  );
  const left = new Set(
    components
      .filter((each) => isForDevelopment(each) && !isBundled.has(each['bom-ref']))
      .map((each) => each['bom-ref']),
  );
  return {
    ...sbom,
    metadata: { ...metadata, component: { ...metadata.component, name: 'postern' } },
    components: components.filter((each) => !left.has(each['bom-ref'])),
    dependencies: dependencies
      .filter(({ ref }) => !left.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => !left.has(one)) })),
  };
};

const reachableFrom = (
  components: readonly Component[],
  dependencies: Sbom['dependencies'],
): ReadonlySet<string> => {
  const edges = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const reached = new Set(components.map((each) => each['bom-ref']));
  // A set also visits what is added meanwhile.
  for (const ref of reached) edges.get(ref)?.forEach((next) => reached.add(next));
  return reached;
};

/** The files of an earlier version would have the wrong checksums beside them. */
export const emptied = (folder: string): string => {
  rmSync(folder, { recursive: true, force: true });
  return folder;
};

const npm = async (args: readonly string[], cwd = packageFolder): Promise<string> => {
  const { exitCode, stdout, stderr } = await run('npm', args, { cwd });
  if (exitCode === 0) return stdout;
  throw new CommandError(`npm ${args[0]} failed:\n${stderr.trim()}`);
};

const sha256 = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');
