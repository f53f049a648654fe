import { refuseEncoded, wrongText } from './body-text.ts';
import { whole } from './check-body.ts';
import { includes } from './choose-content.ts';
import { placed } from './explain-error.ts';
import { fieldOf, type FormRules, judgeForm } from './judge-form.ts';
import { type MediaType, parseMediaType } from './media-type.ts';
import { type Part, parseMultipart } from './parse-multipart.ts';
import type { BodyCheck, SchemaError, ValueCheck } from './request-schema.ts';

export interface MultipartRules extends FormRules {
  /** Of declared fields, by their names. All other parts are texts or files. */
  readonly parts: ReadonlyArray<readonly [name: string, rule: PartRule]>;
}

export interface PartRule {
  /** Of a file, only its presence and media type are checked. */
  readonly kind: 'text' | 'json' | 'file';
  /** The media types that it may have, with ranges. A part without `Content-Type` is `text/plain`. */
  readonly types: readonly string[];
}

/** The check of a body as `multipart/form-data`. */
export const multipartBody = (
  { parts: rules, ...form }: MultipartRules,
  check: ValueCheck,
): BodyCheck => {
  const judge = judgeForm(form, check);
  const ruleOf = new Map(rules);
  const isOfFile = (error: SchemaError): boolean =>
    /^\/[^/]+(?:\/\d+)?$/.test(error.instancePath) &&
    ruleOf.get(fieldOf(error) ?? '')?.kind === 'file' &&
    ofContents.has(error.keyword);

  return (body, media) => {
    refuseEncoded(media.encoding);
    const boundary = boundaryOf(media);
    if (boundary === undefined) return [whole('has no valid boundary in Content-Type')];
    const parts = parseMultipart(body, boundary);
    if (typeof parts === 'string') return [whole(parts)];

    const fields = new Map<string, string[]>();
    const encodedNames: string[] = [];
    for (const part of parts) {
      const rule = ruleOf.get(part.name);
      if (rule?.kind === 'file' && isNoFile(part)) continue;
      const value = valueOf(part, rule);
      if ('problem' in value) return [placed(`/${part.name}`, value.problem)];
      const earlier = fields.get(part.name);
      if (earlier !== undefined) earlier.push(value.text);
      else {
        fields.set(part.name, [value.text]);
        encodedNames.push(encodeURIComponent(part.name));
      }
    }
    return judge({ fields, text: encodedNames.join('&'), bytes: body.length }, isOfFile);
  };
};

/** What a schema says of the characters of a text: of a file, they are not looked at. */
const ofContents: ReadonlySet<string> = new Set([
  ...['minLength', 'maxLength', 'pattern', 'format', 'enum', 'const'],
]);

/** RFC 2046 §5.1.1. */
const boundaryOf = ({ parameters }: Pick<MediaType, 'parameters'>): string | undefined => {
  const [boundary, ...more] = parameters.filter(([name]) => name.startsWith('boundary'));
  return boundary?.[0] === 'boundary' &&
    more.length === 0 &&
    /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary[1])
    ? boundary[1]
    : undefined;
};

/** What browsers send for a file input in which no file is chosen. */
const isNoFile = ({ filename, content }: Part): boolean => filename === '' && content.length === 0;

const valueOf = (
  { filename, type, content }: Part,
  rule: PartRule | undefined,
): { readonly text: string } | { readonly problem: string } => {
  const media = parseMediaType(type ?? 'text/plain');
  if (media === undefined) return { problem: 'has an invalid Content-Type' };
  if (rule !== undefined && !rule.types.some((range) => includes(range, media.type))) {
    return { problem: `must be sent as ${rule.types.join(' or ')}` };
  }
  if (rule?.kind === 'file') return { text: '' };
  if (filename !== undefined) {
    return rule === undefined ? { text: '' } : { problem: 'must be sent without a filename' };
  }
  const problem = wrongText(content, media);
  if (problem !== undefined) return { problem };
  const text = content.toString('utf8');
  return { text: rule?.kind === 'json' ? text : text.replaceAll(/[%+]/g, encodeURIComponent) };
};
