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

/** A contract without problems, and the module that the compiler makes of it. Throws its problems. */
export const compileText = (text: string) => {
  const compilation = compileFiles({ 'gateway.yaml': text });
  if (!compilation.ok) throw new Error(compilation.problems.join('\n'));
  return { ...compilation, code: compilation.modules['contract.js'] ?? '' };
};

/** The problems of a contract; none if it has none. */
export const problemsOf = (text: string): readonly string[] => {
  const compilation = compileFiles({ 'gateway.yaml': text });
  return compilation.ok ? [] : compilation.problems;
};
