import type { ContractDocument, SignInSection } from './document.ts';
import { follow } from './references.ts';
import type { Path } from './problem.ts';

export interface MappedScheme {
  readonly name: string;
  /** Its only key is the sign-in method, or `open`. Absent: the contract does not map the scheme. */
  readonly section: SignInSection | undefined;
  /** Of the section. */
  readonly path: Path;
}

/** The security schemes of a document. What a scheme says itself has precedence over `x-postern.securitySchemes`. */
export const mappedSchemes = (document: ContractDocument): readonly MappedScheme[] =>
  Object.entries(document.components?.securitySchemes ?? {}).map(([name, value]) => {
    const path = ['components', 'securitySchemes', name];
    const scheme = follow<{ readonly 'x-postern'?: SignInSection }>(document, { value, path });
    const own = value?.['x-postern'] ?? scheme?.value['x-postern'];
    if (own !== undefined) return { name, section: own, path: [...path, 'x-postern'] };
    const section = document['x-postern']?.securitySchemes?.[name];
    return { name, section, path: ['x-postern', 'securitySchemes', name] };
  });
