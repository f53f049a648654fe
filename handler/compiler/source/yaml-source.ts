import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../problem.ts';
import type { PlacedDocument } from './placed-document.ts';

export interface YamlSource extends PlacedDocument {
  /** Syntax errors. If there are any, `value` is undefined. */
  readonly problems: readonly Problem[];
}

/** Reads YAML, and JSON, which is YAML as well. */
export const readYaml = (text: string, file: string): YamlSource => {
  if (text.length > maxLength) return tooLarge(text.length, file);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, version: '1.2' });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col };
  };
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    message: firstLine(message),
  }));

  const locate: PlacedDocument['locate'] = (path, kind) => {
    let node: Node | null = document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const [index, key] of path.entries()) {
      const child = childOf(isAlias(node) ? (node.resolve(document) ?? null) : node, key);
      if (child === undefined) break;
      node = child.value;
      const wantsKey = kind === 'key' && index === path.length - 1;
      const place = wantsKey ? (child.key ?? node) : (node ?? child.key);
      offset = place?.range?.[0] ?? offset;
    }
    return at(offset);
  };

  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `the alias *${alias.source} has no anchor &${alias.source} before it`;
      problems.push({ ...at(alias.range?.[0] ?? 0), message });
    },
  });

  if (problems.length > 0) return { value: undefined, problems, locate };
  try {
    return { value: document.toJS(), problems, locate };
  } catch (error) {
    // So many aliases that the document would exceed the memory.
    return {
      value: undefined,
      problems: [{ ...at(0), message: firstLine((error as Error).message) }],
      locate,
    };
  }
};

/** The tree of a document takes about fifty times its memory. */
const maxLength = 16_777_216;

const tooLarge = (length: number, file: string): YamlSource => {
  const start = { file, line: 1, column: 1 };
  const size = (length / 1_048_576).toFixed(1);
  const message = `the file has ${size} MiB, and at most 16 MiB are read — keep one document for each service, and name them in x-postern.apis`;
  return { value: undefined, problems: [{ ...start, message }], locate: () => start };
};

interface Child {
  readonly key: Node | undefined;
  readonly value: Node | null;
}

const childOf = (parent: Node | null, key: string | number): Child | undefined => {
  if (isSeq(parent)) return { key: undefined, value: parent.items[Number(key)] as Node | null };
  if (!isMap(parent)) return undefined;
  let pairs = pairsByKey.get(parent);
  if (pairs === undefined) pairsByKey.set(parent, (pairs = pairsOf(parent)));
  return pairs.get(String(key));
};

/** A contract of thousands of routes asks for the places of all of them. */
const pairsByKey = new WeakMap<YAMLMap, ReadonlyMap<string, Child>>();

const pairsOf = (map: YAMLMap): ReadonlyMap<string, Child> =>
  new Map(
    map.items.flatMap((pair) => {
      const { key, value } = pair as Pair<Node, Node | null>;
      return isScalar(key) ? [[String(key.value), { key, value }] as const] : [];
    }),
  );

const firstLine = (message: string): string => message.split('\n', 1).join();
