import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import type { ContractDocument, MediaType, RequestBody } from '../../../../compiler/document.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { isJson } from '../media-type.ts';
import { isForm, planForm } from './plan-form.ts';
import type { BodyPlan, ContentPlan } from './request-plan.ts';
import { follow } from '../../../../compiler/references.ts';

export const planBody = (
  document: ContractDocument,
  { operation, place }: PlannedOperation,
  warn: Report,
): BodyPlan | undefined => {
  const body = follow<RequestBody>(document, {
    value: operation.requestBody,
    path: [...place, 'requestBody'],
  });
  if (body === undefined) return undefined;
  const content = Object.entries(body.value.content ?? {}).map(([key, media]) =>
    planContent(document, { key, media, path: [...body.path, 'content', key] }, warn),
  );
  return {
    required: body.value.required ?? false,
    content: content.toSorted((a, b) => generality(a.mediaType) - generality(b.mediaType)),
  };
};

const planContent = (
  document: unknown,
  { key, media = {}, path }: { key: string; media: MediaType | undefined; path: Path },
  warn: Report,
): ContentPlan => {
  const mediaType = key.split(';', 1).join('').trim().toLowerCase();
  const schema = [...path, 'schema'];
  if (media.schema === undefined) return { mediaType, schema: undefined };
  if (isJson(mediaType)) return { mediaType, schema };
  if (isForm(mediaType)) {
    const located = { value: media.schema, path: schema };
    const form = planForm(document, mediaType, { ...media, schema: located }, warn);
    return { mediaType, schema: form && schema, form };
  }
  if (isRangeOfJson(mediaType)) {
    warn(schema, `the schema of "${mediaType}" is checked only of bodies that are JSON`, 'key');
    return { mediaType, schema };
  }
  warn(
    schema,
    `a schema of "${mediaType}" is not checked: of such a body, only the media type is`,
    'key',
  );
  return { mediaType, schema: undefined };
};

/** A range that JSON comes under. */
export const isRangeOfJson = (mediaType: string): boolean =>
  mediaType === '*/*' || mediaType === 'application/*';

const generality = (mediaType: string): number => {
  if (mediaType === '*/*') return 2;
  return mediaType.endsWith('/*') ? 1 : 0;
};
