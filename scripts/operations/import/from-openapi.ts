import { exampleFor } from '../../../handler/compiler/scheme-methods.ts';
import {
  builtInBeside,
  type Imported,
  freeName,
  nameOf,
  type Omission,
  type Section,
  sectionOf,
  textOf,
  sectionsIn,
} from './gateway-draft.ts';

export interface OpenapiFile {
  /** From the folder of the new contract. */
  readonly path: string;
  readonly value: Section;
}

/**
 * From OpenAPI documents, which stay as they are: the new contract names them. Their upstreams go on checking the
 * credentials that the documents declare.
 */
export const fromOpenapi = (files: readonly OpenapiFile[]): Imported => {
  const omissions: Omission[] = [];
  const upstreams: Record<string, object> = {};
  const urls: Record<string, string> = {};
  const apis: Record<string, object> = {};
  const schemes = new Map<string, object>();
  let isOpen = false;
  for (const { path, value } of files) {
    const name = freeName(nameOf(textOf(sectionOf(value['info'])['title'], path)), apis);
    const [server] = sectionsIn(value['servers']);
    upstreams[name] = { http: {} };
    urls[name] = textOf(server?.['url'], 'https://…');
    apis[name] = {
      document: path.startsWith('.') ? path : `./${path}`,
      defaults: { upstream: name },
    };
    for (const [scheme, section] of Object.entries(
      sectionOf(sectionOf(value['components'])['securitySchemes']),
    )) {
      if (sectionOf(section)['x-postern'] !== undefined) continue;
      schemes.set(scheme, { open: true });
      omissions.push({
        what: `${path}: security scheme ${scheme}`,
        reason: `the upstream goes on checking it — for the gateway to check it, write a sign-in method in place of "open: true" in x-postern.securitySchemes, such as "${exampleFor(sectionOf(section))}" (docs/sign-in.md)`,
      });
    }
    if (value['security'] === undefined) isOpen = true;
  }
  if (isOpen)
    omissions.push({
      what: 'operations without security',
      reason: 'anyone may call them, as their documents say — see "security" at the root',
    });
  return {
    contract: {
      openapi: '3.1.0',
      info: infoOf(files),
      'x-postern': {
        version: 1,
        upstreams,
        ...(schemes.size > 0 && { securitySchemes: Object.fromEntries(schemes) }),
        defaults: { rateLimits: [] },
        apis,
        ...builtInBeside(files.flatMap(({ value }) => Object.keys(sectionOf(value['paths'])))),
      },
      ...(isOpen && { security: [] }),
    },
    omissions,
    urls,
  };
};

/** The document's own; several have no version in common. */
const infoOf = ([first, ...others]: readonly OpenapiFile[]): Section => {
  if (others.length > 0) return { title: 'Gateway', version: '1.0.0' };
  const { title, version } = sectionOf(first?.value['info']);
  return { title: textOf(title, 'Imported'), version: textOf(version, '1.0.0') };
};
