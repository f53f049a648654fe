import type { FidelityCase } from './fidelity-case.ts';
import { requestHeaderCases } from './request-header-cases.ts';
import { requestLineCases } from './request-line-cases.ts';
import { responseCases } from './response-cases.ts';

export const fidelityCases: readonly FidelityCase[] = [
  ...requestLineCases,
  ...requestHeaderCases,
  ...responseCases,
];
