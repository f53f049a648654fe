import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import type { ContractDocument, RequestBody } from '../../../../compiler/document.ts';
import type { Report } from '../../../../compiler/problem.ts';
import type { BodyPlan } from './request-plan.ts';
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
  const content = Object.entries(body.value.content ?? {}).map(([key, media]) => {
    const mediaType = key.split(';', 1).join('').trim().toLowerCase();
    const schema = [...body.path, 'content', key, 'schema'];
    const hasSchema = media?.schema !== undefined;
    const isChecked = hasSchema && isJson(mediaType);
    if (hasSchema && !isChecked) {
      warn(
        schema,
        `a schema of "${mediaType}" is not checked: of such a body, only the media type is`,
        'key',
      );
    }
    return { mediaType, schema: isChecked ? schema : undefined };
  });
  return {
    required: body.value.required ?? false,
    content: content.toSorted((a, b) => generality(a.mediaType) - generality(b.mediaType)),
  };
};

/** RFC 8259 and the suffix of RFC 6839 §3.1. */
export const isJson = (mediaType: string): boolean =>
  /^(application\/json|[^*]+\+json)$/i.test(mediaType);

const generality = (mediaType: string): number => {
  if (mediaType === '*/*') return 2;
  return mediaType.endsWith('/*') ? 1 : 0;
};
