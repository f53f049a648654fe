import { findGoProgram } from '../../stack/tools/find-go-program.ts';

const version = 'v1.8.1';

export const findK6 = (): Promise<string> =>
  findGoProgram({
    name: 'k6',
    module: 'go.k6.io/k6',
    version,
    versionArgument: 'version',
    isSupported,
    howToGet:
      `Put k6 ${version} on the PATH (https://github.com/grafana/k6/releases/tag/${version}), ` +
      'or install Go 1.25 or newer (https://go.dev/dl), with which it is built here.',
  });

/** From 1.0 on k6 runs TypeScript; 2.x gives its figures in another form. */
export const isSupported = (versionLine: string): boolean => /^k6 v1\./.test(versionLine);
