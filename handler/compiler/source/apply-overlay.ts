import { type JSONPathNodeList, query } from 'json-p3';
import { suggestion } from '../nearest.ts';
import type { Path, Report } from '../problem.ts';
import { ComposedDocument, type Origin } from './composed-document.ts';
import { isObject } from './openapi-references.ts';
import type { PlacedDocument } from './placed-document.ts';

/**
 * Applies the actions of an OpenAPI Overlay, 1.0 or 1.1, in their order. Problems and warnings are at places of the
 * overlay. What it adds or replaces was written in the overlay.
 */
export const applyOverlay = (
  document: PlacedDocument,
  overlay: PlacedDocument,
  { report, warn }: { readonly report: Report; readonly warn: Report },
): PlacedDocument => {
  const changed = new ChangedDocument(document, report);
  for (const [index, action] of actionsOf(overlay.value, report).entries()) {
    const path = ['actions', index];
    if (!checkAction(action, path, report)) continue;
    const targets = select(changed.value, action.target, [...path, 'target'], report);
    if (targets?.length === 0)
      warn([...path, 'target'], `"${action.target}" selects nothing in the document`);
    for (const target of outOf(targets, action)) {
      if (target.length === 0 && action.remove === true)
        report([...path, 'target'], 'the whole document cannot be removed');
      else if (action.remove === true) changed.remove(target);
      else if (action.copy === undefined) {
        const written = [...path, 'update'];
        changed.merge(target, action.update, { locate: overlay.locate, path: written }, written);
      } else changed.copy(action.copy, target, [...path, 'copy']);
    }
  }
  return changed;
};

interface Action {
  readonly target: string;
  readonly update?: unknown;
  readonly remove?: unknown;
  readonly copy?: unknown;
}

const actionKeys = ['target', 'update', 'remove', 'copy', 'description'];

const actionsOf = (overlay: unknown, report: Report): readonly unknown[] => {
  const { overlay: version, actions } = isObject(overlay) ? overlay : {};
  if (!/^1\.[01](\.|$)/.test(String(version))) {
    report(['overlay'], '"overlay" must be 1.0.0 or 1.1.0, the versions of OpenAPI Overlay');
    return [];
  }
  if (Array.isArray(actions) && actions.length > 0) return actions;
  report(['actions'], '"actions" must be a list of at least one action');
  return [];
};

const checkAction = (action: unknown, path: Path, report: Report): action is Action => {
  const keys = isObject(action) ? Object.keys(action).filter((key) => !key.startsWith('x-')) : [];
  const unknown = keys.filter((key) => !actionKeys.includes(key));
  for (const key of unknown)
    report([...path, key], `unknown key "${key}"${suggestion(key, actionKeys)}`, 'key');
  if (unknown.length > 0) return false;
  const { target, remove } = isObject(action) ? action : {};
  if (typeof target !== 'string') {
    report(path, 'an action must have a "target", a JSONPath such as "$.paths[\'/users\'].get"');
    return false;
  }
  const does = ['update', 'remove', 'copy'].filter((key) => keys.includes(key));
  if (does.length === 1 || (remove === false && does.length === 2)) return true;
  report(path, 'an action must have one of "update", "remove: true" and "copy"');
  return false;
};

/** The paths that a JSONPath (RFC 9535) selects. Undefined, and a problem, if it is none. */
const select = (
  value: unknown,
  expression: string,
  place: Path,
  report: Report,
): readonly Path[] | undefined => {
  try {
    const found: JSONPathNodeList = query(expression, value as Parameters<typeof query>[1]);
    return found.locations();
  } catch (error) {
    report(place, `"${expression}" is not a JSONPath: ${(error as Error).message}`);
    return undefined;
  }
};

/** Later items of a list are removed first, so that the places of the others stay true. */
const outOf = (targets: readonly Path[] = [], { remove }: Action): readonly Path[] =>
  remove === true
    ? targets.toSorted((a, b) => b.length - a.length || Number(b.at(-1)) - Number(a.at(-1)))
    : targets;

class ChangedDocument extends ComposedDocument {
  readonly #report: Report;

  constructor(document: PlacedDocument, report: Report) {
    super(document);
    this.#report = report;
  }

  copy(expression: unknown, path: Path, place: Path): void {
    const sources = select(this.value, String(expression), place, this.#report);
    const [source] = sources ?? [];
    if (source !== undefined && sources?.length === 1) {
      const value = structuredClone(this.at(source));
      this.merge(path, value, this.origin(source), place);
    } else if (sources !== undefined)
      this.#report(place, `"copy" must select one part of the document, not ${sources.length}`);
  }

  /** `place` is that of `update` in the overlay. */
  merge(path: Path, update: unknown, origin: Origin, place: Path): void {
    const value = this.at(path);
    const at = (key: string | number) => ({ ...origin, path: [...origin.path, key] });
    if (isObject(value) && isObject(update)) {
      for (const [key, child] of Object.entries(update)) {
        if (Object.hasOwn(value, key)) this.merge([...path, key], child, at(key), [...place, key]);
        else this.put([...path, key], child, at(key));
      }
    } else if (Array.isArray(value)) {
      for (const [index, item] of (Array.isArray(update) ? update : [update]).entries())
        this.put([...path, value.length], item, Array.isArray(update) ? at(index) : origin);
    } else if (isPrimitive(value) && isPrimitive(update)) this.put(path, update, origin);
    else if (update !== null)
      this.#report(
        place,
        `${kindOf(update)} cannot be merged with ${kindOf(value)} — remove that first, with an action of its own`,
      );
  }
}

const isPrimitive = (value: unknown): boolean => typeof value !== 'object' || value === null;

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  return isPrimitive(value) ? `${JSON.stringify(value)}` : 'an object';
};
