import { readFileSync } from 'node:fs';
import type { Path } from '../../handler/compiler/problem.ts';
import { findingsOf, formatFinding, type Problem } from '../../handler/compiler/problem.ts';
import { httpUrl } from '../../handler/src/environment.ts';
import { suggestion } from '../../handler/compiler/nearest.ts';
import { readYaml } from '../../handler/compiler/source/yaml-source.ts';

/** What `dev.yaml` says; it exists only on a developer's machine or for a team's. */
export interface DevFile {
  readonly upstreams: Readonly<Record<string, URL>>;
  /** By name: the values that the contract refers to as `${name}`. */
  readonly values: Readonly<Record<string, string>>;
  /** The roles of users who have a session when the server starts. Undefined: one user with all roles. */
  readonly sessions: Readonly<Record<string, readonly string[]>> | undefined;
  /** The plans of these users. */
  readonly plans: Readonly<Record<string, string>>;
}

/** The names of the contract, which the file must use. */
export interface KnownNames {
  readonly upstreams: readonly string[];
  readonly values: readonly string[];
  readonly plans: readonly string[];
}

export type DevFileReading =
  | { readonly ok: true; readonly file: DevFile }
  | { readonly ok: false; readonly problems: readonly string[] };

const keys = ['upstreams', 'values', 'sessions', 'plans'] as const;

/** Reads the file, or reports all its problems as the compiler does. An absent file says nothing. */
export const readDevFile = (path: string, name: string, known: KnownNames): DevFileReading => {
  const text = readText(path);
  if (text === undefined || text.trim() === '') return { ok: true, file: parse({}, known, ignore) };
  const source = readYaml(text, name);
  const problems: Problem[] = [...source.problems];
  const report: Report = (path, message, at = 'value') => {
    problems.push({ ...source.locate(path, at), message });
  };
  const file = parse(source.problems.length === 0 ? (source.value ?? {}) : {}, known, report);
  return problems.length === 0
    ? { ok: true, file }
    : { ok: false, problems: findingsOf({ problems, warnings: [] }, [name]).map(formatFinding) };
};

type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

const ignore: Report = () => undefined;

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const parse = (value: unknown, known: KnownNames, report: Report): DevFile => {
  const sections = mapOf(value, [], report, keys);
  const upstreams: Record<string, URL> = {};
  for (const [name, text] of entriesOf(sections, 'upstreams', report, known.upstreams)) {
    const url = typeof text === 'string' ? httpUrl(text) : undefined;
    if (url === undefined) report(['upstreams', name], notAnUrl(text));
    else upstreams[name] = url;
  }
  const values: Record<string, string> = {};
  for (const [name, text] of entriesOf(sections, 'values', report, known.values)) {
    if (typeof text === 'string') values[name] = text;
    else report(['values', name], 'must be a text; several are separated by commas');
  }
  const sessions: Record<string, readonly string[]> = {};
  for (const [user, roles] of entriesOf(sections, 'sessions', report)) {
    if (isTexts(roles)) sessions[user] = roles;
    else report(['sessions', user], "must be a list of the user's roles, such as [user, admin]");
  }
  const hasSessions = sections['sessions'] !== undefined;
  const users = hasSessions ? Object.keys(sessions) : ['alice'];
  const plans: Record<string, string> = {};
  for (const [user, plan] of entriesOf(sections, 'plans', report)) {
    if (!users.includes(user))
      report(['plans', user], `"${user}" is no user — add it to sessions, as "${user}: []"`, 'key');
    else if (typeof plan === 'string' && known.plans.includes(plan)) plans[user] = plan;
    else report(['plans', user], unknownPlan(plan, known.plans));
  }
  return { upstreams, values, sessions: hasSessions ? sessions : undefined, plans };
};

const unknownPlan = (plan: unknown, known: readonly string[]): string =>
  `${JSON.stringify(plan)} is none of the contract's plans${suggestion(String(plan), known)}`;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string' && entry !== '');

type Entries = Readonly<Record<string, unknown>>;

const entriesOf = (
  sections: Entries,
  name: (typeof keys)[number],
  report: Report,
  known?: readonly string[],
): Array<[string, unknown]> =>
  Object.entries(mapOf(sections[name] ?? {}, [name], report, known)).filter(
    ([key]) => known?.includes(key) ?? true,
  );

/** Reports what is no map, and keys that are not known. */
const mapOf = (value: unknown, path: Path, report: Report, known?: readonly string[]): Entries => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, path.length === 0 ? `must be a map of ${keys.join(', ')}` : 'must be a map');
    return {};
  }
  for (const key of Object.keys(value)) {
    if (known === undefined || known.includes(key)) continue;
    const where = path.length === 0 ? '' : ` of the contract's ${path.join('.')}`;
    report([...path, key], `"${key}" is none${where}${suggestion(key, known)}`, 'key');
  }
  return value as Entries;
};

export const notAnUrl = (text: unknown): string =>
  `${JSON.stringify(text)} is not an http or https URL without user, query or fragment, such as http://localhost:3001`;
