import { loadFrom } from './lazy-requests.ts';
import type { SchemaCheck } from './request-schema.ts';

type Checks = Readonly<Record<string, SchemaCheck>>;

/** What a file of generated checks exports: it is given the gateway's functions, and what loads other files. */
type MakeChecks = (runtime: object, load: (file: string) => Checks) => Checks;

/** Finds a check by its file and name. */
export type FindCheck = (file: string, name: string) => SchemaCheck;

/**
 * The checks of a large contract, in files beside the code: a file is loaded when a request first needs one of its
 * checks, so that the start of the function does not grow with the contract.
 */
export const lazyChecks = (folder: string, runtime: object): FindCheck => {
  const loadFile = loadFrom(folder);
  const loaded = new Map<string, Checks>();
  const load = (file: string): Checks => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const checks = (loadFile(`./${file}`) as MakeChecks)(runtime, load);
    loaded.set(file, checks);
    return checks;
  };
  return (file, name) => {
    const check: SchemaCheck = (value) => {
      const found = load(file)[name];
      if (found === undefined) throw new TypeError(`${file} has no ${name}`);
      const isValid = found(value);
      check.errors = found.errors ?? null;
      return isValid;
    };
    return check;
  };
};
