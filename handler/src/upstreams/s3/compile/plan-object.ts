import type { Located } from '../../../../compiler/contract-part.ts';
import { readDuration } from '../../../../compiler/duration.ts';
import {
  type ExpressionReader,
  hasExpression,
  literalTexts,
  withEach,
} from '../../../../compiler/expression.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { readSize } from '../../../../compiler/size.ts';
import type { TextTemplate } from '../../../http/expression.ts';
import type { DownloadRule } from '../download.ts';
import { mediaType } from '../media-type.ts';
import { isObjectKey } from '../object-key.ts';
import type { ProxiedUploadRule } from '../proxy-upload.ts';
import type { UploadRule } from '../upload.ts';

/** What an operation says under `s3`. */
interface SaidOfObject {
  readonly key?: string | undefined;
  readonly transfer?: 'presigned' | 'proxied' | undefined;
  readonly expires?: string | undefined;
  readonly response?: 'redirect' | 'json' | undefined;
  readonly upload?: SaidOfUpload | undefined;
}

interface SaidOfUpload {
  readonly type?: string | undefined;
  readonly types?: ReadonlyArray<string | undefined> | undefined;
  readonly size?: string | undefined;
  readonly maxSize?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

export type ObjectPlan = {
  /** Every object that the key can name, for a policy: `/exports/*.csv`. */
  readonly within: string;
} & (
  | { readonly kind: 'download'; readonly rule: DownloadRule }
  | { readonly kind: 'upload'; readonly rule: UploadRule }
  | { readonly kind: 'proxied download'; readonly rule: TextTemplate }
  | { readonly kind: 'proxied upload'; readonly rule: ProxiedUploadRule }
);

export const planObject = (
  { value, path }: Located<SaidOfObject>,
  method: string,
  reader: ExpressionReader,
  report: Report,
): ObjectPlan => {
  const key = reader.text(value.key ?? '', [...path, 'key']);
  checkKey(key, [...path, 'key'], report);
  const within = `/${withEach(key, '*').replace(/\*+/g, '*')}`;
  const own = { value, path, method, key, within };
  return value.transfer === 'proxied'
    ? planProxied(own, report)
    : planPresigned(own, reader, report);
};

interface Placed extends Located<SaidOfObject> {
  readonly method: string;
  readonly key: TextTemplate;
  readonly within: string;
}

const planPresigned = (
  { value, path, method, key, within }: Placed,
  reader: ExpressionReader,
  report: Report,
): ObjectPlan => {
  const { expires, response, upload } = value;
  const range = { min: '1s', max: '1h' };
  const expiresMs = readDuration(expires, range, [...path, 'expires'], report) ?? 300_000;
  const common = { key, expiresSeconds: Math.floor(expiresMs / 1000) };
  if (upload === undefined) {
    if (response === 'redirect' && method !== 'get')
      report(
        [...path, 'response'],
        'a redirect is for GET: the client would repeat the request — leave it out',
      );
    const redirects = method === 'get' && response !== 'json';
    return { within, kind: 'download', rule: { ...common, redirects } };
  }
  if (response !== undefined)
    report([...path, 'response'], '"response" is for downloads: an upload has JSON', 'key');
  const rule = { ...common, ...planUpload(upload, [...path, 'upload'], reader, report) };
  return { within, kind: 'upload', rule };
};

/** The request itself is the upload, or the response the download. */
const planProxied = ({ value, path, method, key, within }: Placed, report: Report): ObjectPlan => {
  const { upload } = value;
  for (const name of ['expires', 'response'] as const)
    if (value[name] !== undefined)
      report([...path, name], `"${name}" is for presigned URLs: "transfer" is proxied here`, 'key');
  if (upload === undefined) {
    if (method !== 'get')
      report([...path, 'transfer'], 'a proxied download is for GET — use presigned, or "upload"');
    return { within, kind: 'proxied download', rule: key };
  }
  if (method !== 'put' && method !== 'post')
    report([...path, 'upload'], 'a proxied upload is for PUT and POST', 'key');
  for (const [name, instead] of Object.entries(ofRequest))
    if (upload[name as keyof typeof ofRequest] !== undefined)
      report([...path, 'upload', name], `"${name}" is for presigned URLs: ${instead}`, 'key');
  const { types = [], overwrite = true } = upload;
  if (types.length === 0)
    report(
      [...path, 'upload'],
      'a proxied upload needs "types", the list of those that are allowed',
      'key',
    );
  return {
    within,
    kind: 'proxied upload',
    rule: { key, types: types.filter((each) => each !== undefined), overwrites: overwrite },
  };
};

/** Keys of uploads that a proxied one has no use for. */
const ofRequest = {
  type: 'a proxied upload has the Content-Type of the request — list those that are allowed in "types"',
  size: 'a proxied upload has the size of the body',
  maxSize: '"maxBodySize" limits a proxied upload',
} as const;

/** A policy would read some characters as patterns or variables; others need care in S3 itself. */
const safe = /^[A-Za-z0-9/!_.'()=@+:,-]*$/;

const checkKey = (key: TextTemplate, path: Path, report: Report): void => {
  if (!literalTexts(key).every((text) => safe.test(text)))
    return report(
      path,
      "beside its expressions, a key has only letters, digits and /!_.'()=@+:,- — no spaces and nothing encoded",
    );
  // Any value has at least one character.
  if (!isObjectKey(withEach(key, 'x')))
    report(
      path,
      'a key has at most 1024 bytes and no segment that is empty, . or .. — no slash at its start or end',
    );
};

const planUpload = (
  { type, types, size, maxSize, overwrite }: SaidOfUpload,
  path: Path,
  reader: ExpressionReader,
  report: Report,
): Omit<UploadRule, 'key' | 'expiresSeconds'> => {
  for (const [name, given] of Object.entries({ type, size, maxSize }))
    if (given === undefined) report(path, `a presigned upload needs "${name}"`, 'key');
  const typeTemplate = reader.text(type ?? '', [...path, 'type']);
  const isChosen = hasExpression(typeTemplate);
  if (isChosen && types === undefined)
    report(
      [...path, 'type'],
      'the request chooses the type — add "types", the list of those that are allowed',
    );
  if (!isChosen && types !== undefined)
    report([...path, 'types'], '"types" is for a "type" with expressions', 'key');
  if (!isChosen && type !== undefined && !mediaType.test(type))
    report([...path, 'type'], `"${type}" is not a media type, such as image/png`);
  const sizeTemplate = reader.text(size ?? '', [...path, 'size']);
  if (size !== undefined && !hasExpression(sizeTemplate))
    report([...path, 'size'], 'a size is an expression, such as $request.body#/size');
  const maxBytes = readSize(maxSize, { min: '1B', max: '5120MiB' }, [...path, 'maxSize'], report);
  return {
    type: typeTemplate,
    types: isChosen
      ? (types ?? []).filter((each) => each !== undefined)
      : [(type ?? '').toLowerCase()],
    size: sizeTemplate,
    maxBytes: maxBytes ?? 0,
    overwrites: overwrite ?? true,
  };
};
