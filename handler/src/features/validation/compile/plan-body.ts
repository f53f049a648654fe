import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import type { ContractDocument, RequestBody } from '../../../../compiler/document.ts';
import type { Report } from '../../../../compiler/problem.ts';
import type { BodyPlan } from './request-plan.ts';
import { follow } from '../../../../compiler/references.ts';

export const planBody = (
  document: ContractDocument,
  { operation, place }: PlannedOperation,
  report: Report,
): BodyPlan | undefined => {
  const body = follow<RequestBody>(document, {
    value: operation.requestBody,
    path: [...place, 'requestBody'],
  });
  if (body === undefined) return undefined;
  const content = Object.entries(body.value.content ?? {}).map(([mediaType, media]) => {
    const schema = [...body.path, 'content', mediaType, 'schema'];
    const hasSchema = media?.schema !== undefined;
    if (hasSchema && !isJson(mediaType)) {
      report(
        schema,
        `only JSON bodies are held against a schema, and "${mediaType}" is none — leave the schema out: the type is checked all the same`,
        'key',
      );
    }
    return { mediaType: mediaType.toLowerCase(), schema: hasSchema ? schema : undefined };
  });
  return {
    required: body.value.required ?? false,
    content: content.toSorted((a, b) => generality(a.mediaType) - generality(b.mediaType)),
  };
};

/** RFC 8259 and the suffix of RFC 6839 §3.1. */
const isJson = (mediaType: string): boolean => /^(application\/json|[^*]+\+json)$/i.test(mediaType);

const generality = (mediaType: string): number => {
  if (mediaType === '*/*') return 2;
  return mediaType.endsWith('/*') ? 1 : 0;
};
