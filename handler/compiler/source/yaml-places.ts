import { type Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Path } from '../problem.ts';

/** Where the value at a path, or its key, begins in the text. For a path that does not exist: its closest parent. */
export const yamlPlaces = (
  events: readonly Event[],
  text: string,
): ((path: Path, kind: 'key' | 'value') => number) => {
  const { ends, targets } = structureOf(events, text);
  /** A contract of thousands of routes has the places of all of them. */
  const children = new Map<number, ReadonlyMap<string, Child>>();

  const childrenOf = (parent: number): ReadonlyMap<string, Child> => {
    const found = new Map<string, Child>();
    const type = events[parent]?.type;
    if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return found;
    const after = (index: number): number => (ends.get(index) ?? index) + 1;
    const end = ends.get(parent) ?? parent;
    for (let index = parent + 1; index < end;) {
      const isItem = type === EVENT_ID.SEQUENCE;
      const value = isItem ? index : after(index);
      const key = events[index];
      if (isItem) found.set(String(found.size), { value });
      else if (key?.type === EVENT_ID.SCALAR)
        found.set(getScalarValue(text, key), { key: index, value });
      index = after(value);
    }
    return found;
  };

  const childOf = (parent: number, name: string): Child | undefined => {
    const index = targets.get(parent) ?? parent;
    const known = children.get(index) ?? childrenOf(index);
    children.set(index, known);
    return known.get(name);
  };

  return (path, kind) => {
    // The first event is the document's.
    let node = 1;
    let offset = offsetOf(events[node]) ?? 0;
    for (const [index, name] of path.entries()) {
      const child = childOf(node, String(name));
      if (child === undefined) break;
      const { key, value } = child;
      node = value;
      const isKeyWanted = kind === 'key' && index === path.length - 1;
      const keyOffset = key === undefined ? undefined : offsetOf(events[key]);
      offset =
        (isKeyWanted ? keyOffset : undefined) ?? offsetOf(events[value]) ?? keyOffset ?? offset;
    }
    return offset;
  };
};

/** Numbers of events. */
interface Child {
  readonly key?: number;
  readonly value: number;
}

/** Where each object and list ends, and what each alias stands for. */
const structureOf = (events: readonly Event[], text: string) => {
  const ends = new Map<number, number>();
  const targets = new Map<number, number>();
  const anchors = new Map<string, number>();
  const open: number[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.POP) ends.set(open.pop() ?? 0, index);
    else if (event.type === EVENT_ID.DOCUMENT) open.push(index);
    else {
      const anchor = text.slice(event.anchorStart, event.anchorEnd);
      const target = anchors.get(anchor);
      if (event.type !== EVENT_ID.ALIAS) {
        if (event.anchorStart >= 0) anchors.set(anchor, index);
        if (event.type !== EVENT_ID.SCALAR) open.push(index);
      } else if (target !== undefined) targets.set(index, target);
    }
  }
  return { ends, targets };
};

/** Undefined: nothing is written there. */
const offsetOf = (event: Event | undefined): number | undefined => {
  if (event === undefined || !('anchorStart' in event)) return undefined;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - '*'.length;
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  if (event.valueStart < 0) return undefined;
  const isQuoted =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return event.valueStart - (isQuoted ? 1 : 0);
};
