/** A `Content-Type` by RFC 9110 §8.3.1. Everything except the values is in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Undefined for invalid types, including two types joined by a comma. */
export const parseMediaType = (header: string): MediaType | undefined => {
  const [type] = typeAtStart.exec(header) ?? [];
  if (type === undefined) return undefined;
  const parameters: Array<readonly [string, string]> = [];
  parameterNext.lastIndex = type.length;
  while (parameterNext.lastIndex < header.length) {
    const found = parameterNext.exec(header);
    if (found === null) return undefined;
    const [, name, token, quoted] = found;
    if (name === undefined) continue;
    parameters.push([name.toLowerCase(), token ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1')]);
  }
  return { type: type.trim().toLowerCase(), parameters };
};

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** RFC 9110 §5.6.4, with `obs-text` as decoded characters. */
const quotedString = '"((?:[\\t !#-[\\]-~\\u0080-\\uffff]|\\\\[\\t -~\\u0080-\\uffff])*)"';

const typeAtStart = new RegExp(`^[ \\t]*${token}/${token}`);
/** RFC 9110 §5.6.6: a parameter may be missing after its semicolon; white space may end the header. */
const parameterNext = new RegExp(
  `[ \\t]*;[ \\t]*(?:(${token})=(?:(${token})|${quotedString}))?|[ \\t]+$`,
  'y',
);

/** RFC 8259 and the suffix of RFC 6839 §3.1. */
export const isJson = (mediaType: string): boolean =>
  /^(application\/json|[^*]+\+json)$/i.test(mediaType);
