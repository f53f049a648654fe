import type { Report } from './problem.ts';

/** Whether a document is OpenAPI at all. If not, nothing else of it is worth a report. */
export const checkVersion = (value: unknown, report: Report): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = typeof value === 'string' ? ', and this is a text' : '';
    return report([], `the document must be an object${found}`);
  }
  if ('openapi' in value) {
    if (/^3\.[012](\.|$)/.test(String(value.openapi))) return;
    return report(
      ['openapi'],
      '"openapi" must be a version of OpenAPI that Postern reads: 3.0.x, 3.1.x or 3.2.x, such as "3.1.0"',
    );
  }
  if ('swagger' in value)
    return report(
      ['swagger'],
      'this is Swagger 2.0, and a contract is OpenAPI 3.0, 3.1 or 3.2 — convert it: npx swagger2openapi --yaml --outfile openapi.yaml swagger.yaml',
      'key',
    );
  report([], 'this is not an OpenAPI document: "openapi" is missing — add "openapi: 3.1.0"');
};
