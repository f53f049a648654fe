import type { ContractDocument, SignInSection } from './document.ts';
import { follow } from './references.ts';
import type { Path } from './problem.ts';

export interface MappedScheme {
  readonly name: string;
  /** Its only key is the sign-in method, or `open`. Absent: the contract does not say what the scheme stands for. */
  readonly section: SignInSection | undefined;
  /** Where the section is written, or the scheme if it has none. */
  readonly path: Path;
}

/** The security schemes of a document. What a scheme says of itself has precedence over `x-postern.securitySchemes`. */
export const mappedSchemes = (document: ContractDocument): readonly MappedScheme[] =>
  Object.entries(document.components?.securitySchemes ?? {}).map(([name, value]) => {
    const path = ['components', 'securitySchemes', name];
    const scheme = follow<{ readonly 'x-postern'?: SignInSection }>(document, { value, path });
    const own = value?.['x-postern'] ?? scheme?.value['x-postern'];
    if (own !== undefined) return { name, section: own, path: [...path, 'x-postern'] };
    const section = document['x-postern']?.securitySchemes?.[name];
    return section === undefined
      ? { name, section, path }
      : { name, section, path: ['x-postern', 'securitySchemes', name] };
  });
