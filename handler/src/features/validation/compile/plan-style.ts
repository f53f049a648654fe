import type { Parameter } from '../../../../compiler/document.ts';
import type { Delimiters } from '../styled-parameters.ts';
import type { Reading } from '../text-values.ts';

/** How a parameter is written, and the functions of `styled-parameters.ts` that read it. */
export type StylePlan =
  | { readonly kind: 'delimited'; readonly delimiters: Delimiters }
  | { readonly kind: 'deepObject'; readonly name: string }
  | { readonly kind: 'separate'; readonly names: readonly string[] | undefined }
  | { readonly kind: 'separateCookies'; readonly names: readonly string[] };

/** The style of a parameter, with OpenAPI's defaults. */
export const styleOf = ({
  in: place = 'query',
  style = place === 'query' || place === 'cookie' ? 'form' : 'simple',
  explode = style === 'form' || style === 'cookie',
}: Parameter): { readonly style: string; readonly explode: boolean } => ({ style, explode });

/** OpenAPI, "Style Values". */
export const planStyle = (parameter: Parameter, reading: Reading): StylePlan => {
  const { name = '', in: place } = parameter;
  const { style, explode } = styleOf(parameter);
  const isQuery = place === 'query';
  const can = [
    ...(reading.properties === undefined ? [] : (['object'] as const)),
    ...(reading.items === undefined ? [] : (['list'] as const)),
    ...(reading.types.length === 0 ? [] : (['scalar'] as const)),
  ];
  const inOneText = (
    delimiters: Pick<Delimiters, 'separator'> & Partial<Delimiters>,
  ): StylePlan => ({
    kind: 'delimited',
    delimiters: {
      names: explode ? 'assigned' : 'alternate',
      ...(isQuery && { isQuery }),
      can,
      ...delimiters,
    },
  });
  const names = Object.keys(reading.properties ?? {});
  switch (style) {
    case 'label':
      return inOneText({ prefix: '.', separator: explode ? '.' : ',' });
    case 'matrix':
      return explode
        ? inOneText({ prefix: ';', separator: ';', repeated: name })
        : inOneText({ prefix: `;${name}=`, separator: ',' });
    case 'deepObject':
      return { kind: 'deepObject', name };
    case 'spaceDelimited':
      return inOneText({ separator: ' ', names: 'alternate' });
    case 'pipeDelimited':
      return inOneText({ separator: '|', names: 'alternate' });
    case 'cookie':
      return explode && names.length > 0
        ? { kind: 'separateCookies', names }
        : inOneText({ separator: ',' });
    case 'form':
      if (!explode || !isQuery) return inOneText({ separator: ',', names: 'alternate' });
      return {
        kind: 'separate',
        names: names.length > 0 && reading.others === undefined ? names : undefined,
      };
    default:
      return inOneText({ separator: ',' });
  }
};
