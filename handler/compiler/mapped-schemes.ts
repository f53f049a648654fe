import type { ContractDocument, SignInSection } from './document.ts';
import { follow } from './references.ts';
import type { Path } from './problem.ts';

export interface MappedScheme {
  readonly name: string;
  /** What OpenAPI says of it. */
  readonly definition: SchemeDefinition;
  /** Its only key is the sign-in method, or `open`. Absent: the contract does not map the scheme. */
  readonly section: SignInSection | undefined;
  /** Of the section. */
  readonly path: Path;
}

export interface SchemeDefinition {
  readonly type?: unknown;
  /** Of the type `http`. */
  readonly scheme?: unknown;
  /** Of the type `apiKey`, as `name`. */
  readonly in?: unknown;
  readonly name?: unknown;
  /** Of the type `openIdConnect`. */
  readonly openIdConnectUrl?: unknown;
  readonly 'x-postern'?: SignInSection;
}

/** The security schemes of a document. What a scheme says itself has precedence over `x-postern.securitySchemes`. */
export const mappedSchemes = (document: ContractDocument): readonly MappedScheme[] =>
  Object.entries(document.components?.securitySchemes ?? {}).map(([name, value]) => {
    const path = ['components', 'securitySchemes', name];
    const definition = follow<SchemeDefinition>(document, { value, path })?.value ?? {};
    const own = value?.['x-postern'] ?? definition['x-postern'];
    if (own !== undefined) return { name, definition, section: own, path: [...path, 'x-postern'] };
    const section = document['x-postern']?.securitySchemes?.[name];
    return { name, definition, section, path: ['x-postern', 'securitySchemes', name] };
  });
