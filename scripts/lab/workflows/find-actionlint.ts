import { findGoProgram } from '../../stack/tools/find-go-program.ts';

const version = 'v1.7.12';

export const findActionlint = (): Promise<string> =>
  findGoProgram({
    name: 'actionlint',
    module: 'github.com/rhysd/actionlint/cmd/actionlint',
    version,
    versionArgument: '-version',
    howToGet: `Put actionlint ${version} on the PATH, or install Go.`,
  });
