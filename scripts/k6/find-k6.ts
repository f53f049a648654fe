import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The version that is built; any other 1.x that is on the path will do. */
export const k6Version = 'v1.8.1';

/** k6 from the path, or the project's own, which is built with Go if there is none. */
export const findK6 = (projectFolder: string, say: (line: string) => void): string => {
  const binFolder = join(projectFolder, '.postern', 'bin');
  const ownK6 = join(binFolder, 'k6');
  const found = ['k6', ownK6].find(isUsable);
  if (found !== undefined) return found;

  say(`building k6 ${k6Version} into ${binFolder} (once; one to two minutes) …`);
  buildWithGo(binFolder);
  if (!existsSync(ownK6)) throw new Error(`Go built k6, but not at ${ownK6}.\n${howToGet}`);
  return ownK6;
};

/** From 1.0 on k6 runs TypeScript; 2.x gives its figures in another form. */
export const isSupported = (versionLine: string): boolean => /^k6 v1\./.test(versionLine);

const isUsable = (command: string): boolean => {
  const { status, stdout } = spawnSync(command, ['version'], { encoding: 'utf8' });
  return status === 0 && isSupported(stdout);
};

/** Go checks what it fetches against its public checksum database (sum.golang.org). */
const buildWithGo = (binFolder: string): void => {
  const { error, status } = spawnSync('go', ['install', `go.k6.io/k6@${k6Version}`], {
    env: { ...process.env, GOBIN: binFolder },
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  if (error !== undefined) throw new Error(`Neither k6 1.x nor Go was found.\n${howToGet}`);
  if (status !== 0) throw new Error(`Go could not build k6 (see above).\n${howToGet}`);
};

const howToGet =
  `Put k6 ${k6Version} on the PATH (https://github.com/grafana/k6/releases/tag/${k6Version}), ` +
  'or install Go 1.25 or newer (https://go.dev/dl), which builds it by itself.';
