import { type Compilation, compileContract } from '../compile-contract.ts';

/** Compiles a contract of several files, by their path; the first is the contract. */
export const compileFiles = (
  files: Readonly<Record<string, string>>,
  runtime = '../src',
): Compilation => {
  const [[file, text] = ['gateway.yaml', '']] = Object.entries(files);
  return compileContract(text, {
    file,
    runtime,
    readFile: (name) => {
      const found = files[name];
      if (found === undefined) throw new Error('there is no such file');
      return found;
    },
  });
};
