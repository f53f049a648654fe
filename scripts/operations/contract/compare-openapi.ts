import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { findGoProgram } from '../../stack/command-line/find-go-program.ts';
import { run } from '../../stack/command-line/run.ts';
import type { Change } from './compare-routes.ts';

const version = 'v1.37.0';

const findOasdiff = (): Promise<string> =>
  findGoProgram({
    name: 'oasdiff',
    module: 'github.com/oasdiff/oasdiff',
    version,
    versionArgument: '--version',
    howToGet: `Put oasdiff ${version} on the PATH, or install Go.`,
  });

/** What changes between two OpenAPI documents, by the rules of oasdiff. */
export const compareOpenapi = async (
  before: object,
  after: object,
  known: Known,
): Promise<readonly Change[]> => {
  const program = await findOasdiff();
  const folder = await mkdtemp(join(tmpdir(), 'postern-diff-'));
  try {
    const files = [before, after].map((document, index) => ({
      path: join(folder, `${index}.json`),
      text: JSON.stringify(document),
    }));
    await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
    const paths = files.map(({ path }) => path);
    const { exitCode, stdout, stderr } = await run(program, [
      'changelog',
      '--format',
      'json',
      ...paths,
    ]);
    if (exitCode !== 0) throw new CommandError(`oasdiff could not compare them: ${stderr.trim()}`);
    return readChangelog(stdout, known);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface Entry {
  readonly id: string;
  readonly text: string;
  readonly level: number;
  readonly operation?: string;
  readonly path?: string;
}

interface Known {
  /** What `compareRoutes` says of the callers is then not said twice. */
  readonly callers: boolean;
}

/** oasdiff writes nothing if nothing has changed. The published document has a HEAD beside each GET, which is omitted. */
export const readChangelog = (json: string, { callers }: Known): readonly Change[] => {
  const entries = (json.trim() === '' ? [] : JSON.parse(json)) as readonly Entry[] | null;
  return (entries ?? [])
    .filter(
      ({ id, operation }) => operation !== 'HEAD' && !(callers && id.startsWith('api-security-')),
    )
    .map(({ text, level, operation, path }) => ({
      level: levels[level] ?? 'note',
      route: [operation, path].filter(Boolean).join(' '),
      text,
    }));
};

/** https://github.com/oasdiff/oasdiff/blob/main/docs/BREAKING-CHANGES.md */
const levels: Readonly<Record<number, Change['level']>> = { 3: 'breaking', 2: 'warning' };
