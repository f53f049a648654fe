import { posix } from 'node:path';
import type { Place, Problem } from '../problem.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** Returns the text of a file, whose path is from the project folder. Throws an error that says why it cannot. */
export type ReadFile = (file: string) => string;

/** The files of a contract, each read once. */
export class ProjectFiles {
  readonly problems: Problem[] = [];
  readonly #read: ReadFile | undefined;
  readonly #files = new Map<string, YamlSource | undefined>();

  constructor(read: ReadFile | undefined) {
    this.#read = read;
  }

  /** In the order in which they were asked for. */
  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  add(file: string, text: string): YamlSource {
    const source = readYaml(text, file);
    this.#files.set(file, source);
    this.problems.push(...source.problems);
    return source;
  }

  /** The file that a file names, from the project folder. Undefined and a problem at `place` if it may not be read. */
  resolve(name: string, from: string, place: Place): string | undefined {
    const message = (reason: string): undefined => {
      this.problems.push({ ...place, message: `"${name}" ${reason}` });
    };
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(name))
      return message(
        'is a URL: only files of the project are read, so that the same commit always results in the same gateway — save a copy in the project and name the copy',
      );
    const file = posix.join(posix.dirname(from), decoded(name));
    return name.startsWith('/') || file.startsWith('../')
      ? message(
          'is outside the project folder: only files of the project are read — copy it into the project and name the copy, with a path relative to this file',
        )
      : file;
  }

  /** Undefined, and a problem at `place`, if it cannot be read. Its own problems are reported once, with its name. */
  read(file: string, place: Place): YamlSource | undefined {
    if (!this.#files.has(file)) {
      try {
        if (this.#read === undefined) throw new Error('no other file can be read here');
        this.add(file, this.#read(file));
      } catch (error) {
        this.#files.set(file, undefined);
        const message = `"${file}" cannot be read: ${(error as Error).message}`;
        this.problems.push({ ...place, message });
      }
    }
    const source = this.#files.get(file);
    return source?.problems.length === 0 ? source : undefined;
  }
}

/** A reference is a URI: `a%20b.yaml` is the file "a b.yaml". */
const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};
