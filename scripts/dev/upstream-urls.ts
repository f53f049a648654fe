import { suggestion } from '../../handler/compiler/nearest.ts';
import { httpUrl } from '../../handler/src/environment.ts';
import { notAnUrl } from './dev-file.ts';

interface Given {
  /** Of the contract. */
  readonly upstreams: readonly string[];
  /** Of `dev.yaml`. */
  readonly urls: Readonly<Record<string, URL>>;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface UpstreamUrls {
  /** By name; absent: the upstream is mocked. */
  readonly urls: Readonly<Record<string, URL>>;
  readonly problems: readonly string[];
}

/** The URLs of the upstreams: of `UPSTREAM_<NAME>_URL`, else of `dev.yaml`. */
export const upstreamUrls = ({ upstreams, urls, variables }: Given): UpstreamUrls => {
  const found: Record<string, URL> = { ...urls };
  const problems: string[] = [];
  const byVariable = new Map(upstreams.map((name) => [variableOf(name), name]));
  for (const [variable, text] of Object.entries(variables)) {
    if (!text || !/^UPSTREAM_\w+_URL$/.test(variable) || variable.endsWith('_SERVICE_URL'))
      continue;
    const name = byVariable.get(variable);
    const url = httpUrl(text);
    if (name === undefined)
      problems.push(`${variable} names no upstream${suggestion(variable, byVariable.keys())}`);
    else if (url === undefined) problems.push(`${variable} is wrong: ${notAnUrl(text)}`);
    else found[name] = url;
  }
  return { urls: found, problems };
};

export const variableOf = (upstream: string): string =>
  `UPSTREAM_${upstream.toUpperCase().replaceAll('-', '_')}_URL`;
