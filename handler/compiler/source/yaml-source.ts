import { constructFromEvents, type Event, EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import type { Problem } from '../problem.ts';
import { linesOf } from './lines.ts';
import type { PlacedDocument } from './placed-document.ts';
import { syntaxMistakes } from './syntax-mistakes.ts';
import { yamlPlaces } from './yaml-places.ts';

export interface YamlSource extends PlacedDocument {
  /** Syntax errors. If there are any, `value` is undefined. */
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2, and JSON, which is YAML as well. */
export const readYaml = (written: string, file: string): YamlSource => {
  // Editors of Windows begin a file with a byte order mark, and show no column for it.
  const text = written.replace(/^\uFEFF/, '');
  const start = { file, line: 1, column: 1 };
  const refused = (problems: readonly Problem[]): YamlSource => ({
    value: undefined,
    problems,
    locate: () => start,
  });
  if (text.length > maxLength) return refused([{ ...start, message: tooLarge(text.length) }]);
  const lines = linesOf(text);
  const at = (offset: number) => ({ file, ...lines(offset) });
  try {
    const events = parseEvents(text, { maxDepth });
    const [value, ...others] = constructFromEvents(events, { source: text });
    if (others.length > 0) {
      const message = 'there is a second document — keep one in each file';
      return refused([{ ...start, message }]);
    }
    if (events.some(({ type }) => type === EVENT_ID.ALIAS) && sizeOf(value) > maxValues) {
      const message = `its aliases stand for more than ${maxValues.toLocaleString('en')} values — write them as components, and refer to them by $ref`;
      return refused([{ ...start, message }]);
    }
    return { value: value ?? null, problems: [], locate: locator(events, text, at) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const mistakes = syntaxMistakes(text);
    const { reason, mark } = error;
    const found =
      mistakes.length > 0 ? mistakes : [{ offset: mark?.position ?? 0, message: reason }];
    return refused(found.map(({ offset, message }) => ({ ...at(offset), message })));
  }
};

type Lines = (offset: number) => ReturnType<PlacedDocument['locate']>;

/** Most documents of services are read without a question for a place. */
const locator = (events: readonly Event[], text: string, at: Lines): PlacedDocument['locate'] => {
  let offsetOf: ReturnType<typeof yamlPlaces> | undefined;
  return (path, kind) => {
    offsetOf ??= yamlPlaces(events, text);
    return at(offsetOf(path, kind));
  };
};

/** The largest public documents have 13 MiB. */
const maxLength = 16_777_216;

const tooLarge = (length: number): string =>
  `the file has ${(length / 1_048_576).toFixed(1)} MiB, and at most 16 MiB are read — keep one document for each service, and name them in x-postern.apis`;

/** Of objects and lists in each other. */
const maxDepth = 500;

/** A file without aliases has no more. */
const maxValues = maxLength / 2;

/** How many values there are, those of aliases counted each time; without end if one contains itself. */
const sizeOf = (root: unknown): number => {
  const sizes = new Map<object, number>();
  const measure = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    sizes.set(value, Infinity);
    const size = Object.values(value).reduce<number>((sum, child) => sum + measure(child), 1);
    sizes.set(value, size);
    return size;
  };
  return measure(root);
};
