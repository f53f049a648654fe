import { type ContractPart, methodName } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import { type MappedScheme, mappedSchemes, type SchemeDefinition } from './mapped-schemes.ts';
import { suggestion } from './nearest.ts';
import * as parts from './parts.ts';
import type { Path, Report } from './problem.ts';

/** The sign-in method of a scheme that `security` names at this place, or `open`. Undefined: a problem is reported. */
export type SchemeMethod = (scheme: string, path: Path) => string | undefined;

/** Each scheme has at most one problem, however many operations name it. */
export const schemeMethods = (document: ContractDocument, report: Report): SchemeMethod => {
  const schemes = new Map(mappedSchemes(document).map((scheme) => [scheme.name, scheme]));
  for (const name of Object.keys(document['x-postern']?.securitySchemes ?? {})) {
    const path = ['x-postern', 'securitySchemes', name];
    const scheme = schemes.get(name);
    if (scheme === undefined) {
      report(path, `unknown security scheme "${name}"${suggestion(name, schemes.keys())}`, 'key');
    } else if (scheme.path[0] !== 'x-postern') {
      report(path, `"${name}" is mapped in components.securitySchemes as well — keep one`, 'key');
    }
  }
  const methods = new Map<string, string | undefined>();
  return (name, path) => {
    if (methods.has(name)) return methods.get(name);
    const scheme = schemes.get(name);
    const method =
      scheme === undefined
        ? report(path, undeclared(name, [...schemes.keys()]), 'key')
        : methodIn(scheme, report);
    methods.set(name, method ?? undefined);
    return method ?? undefined;
  };
};

const methodIn = (
  { name, section = {}, path, definition }: MappedScheme,
  report: Report,
): string | undefined => {
  const kinds = [...Object.keys(signInExamples), 'open'];
  const [kind, ...others] = kinds.filter((each) => section[each] !== undefined);
  if (others.length > 0)
    report(
      path,
      `"${name}" has several ways to sign in, ${[kind, ...others].join(' and ')} — keep one`,
      'key',
    );
  if (kind === undefined) {
    report(['components', 'securitySchemes', name], unmapped(name, definition), 'key');
    return undefined;
  }
  const part = Object.entries<ContractPart>(parts).find(([each]) => each === kind)?.[1];
  return part === undefined ? kind : methodName(kind, part, name);
};

/** The sign-in methods that a scheme can name, each as an example of its section; the shortest first. */
export const signInExamples: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<ContractPart>(parts)
    .flatMap(([name, { signIn }]) => {
      if (signIn === undefined) return [];
      const [section = '{}'] = (signIn['examples'] ?? []) as readonly string[];
      return [[name, `{ ${name}: ${section} }`] as const];
    })
    .toSorted(([, one], [, other]) => one.length - other.length),
);

/** The section of the method that fits the type of a scheme. */
export const exampleFor = ({ type, scheme }: SchemeDefinition): string => {
  const fitting = methodOfType[String(type === 'http' ? scheme : type).toLowerCase()];
  return signInExamples[fitting ?? 'session'] ?? '';
};

const unmapped = (name: string, definition: SchemeDefinition): string => {
  const example = exampleFor(definition);
  return `the gateway cannot tell how callers sign in by "${name}" — add a sign-in method to it, such as "x-postern: ${example}" (docs/sign-in.md has all), or "x-postern: { open: true }" if it is for the upstream to check; to leave it as it is, map it in the document's x-postern: "securitySchemes: { ${name}: ${example} }"`;
};

/** What a scheme of this type most probably is. */
const methodOfType: Readonly<Record<string, string>> = {
  apikey: 'apiKey',
  basic: 'basic',
  mutualtls: 'mutualTls',
  oauth2: 'jwt',
  openidconnect: 'jwt',
};

const undeclared = (name: string, known: readonly string[]): string =>
  known.length === 0
    ? `"${name}" is not declared — add "${name}: { type: http, scheme: bearer, x-postern: { session: {} } }" to components.securitySchemes`
    : `unknown security scheme "${name}"${suggestion(name, known)}`;
