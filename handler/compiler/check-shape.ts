import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { regex } from '../src/features/validation/formats.ts';
import { contractSchema } from './contract-schema.ts';
import { describeMisfit, keysOf, pathOf } from './describe-misfit.ts';
import type { ContractDocument } from './document.ts';
import type { Path, Report } from './problem.ts';
import { nearest } from './nearest.ts';
import * as parts from './parts.ts';

/**
 * Checks the document by the contract's schema, reports every problem, and returns the document without the invalid
 * values.
 */
export const checkShape = (value: unknown, report: Report): ContractDocument => {
  const document = structuredClone(value);
  validate(value);
  const errors = (validate.errors ?? []).filter(({ keyword }) => !echoes.has(keyword));
  const misspelt = new Set(errors.flatMap(misspeltKey));
  for (const error of errors) {
    if (misspelt.has(missingKey(error))) continue;
    const { path, message, at } = describeMisfit(error);
    report(path, message, at);
    const isWhole = keepsValue.has(error.keyword) || error.propertyName !== undefined;
    if (!isWhole) remove(document, pathOf(error.instancePath));
  }
  return document ?? {};
};

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, formats: { regex } });
const validate = ajv.compile(contractSchema(parts));

/** They only say that something else failed, which is reported as well. */
const echoes = new Set(['if', 'propertyNames']);

/** Their value is valid except for missing or additional keys. */
const keepsValue = new Set(['additionalProperties', 'required', 'minProperties']);

/** A misspelt key is not also reported as missing. */
const misspeltKey = (error: ErrorObject): string[] => {
  if (error.keyword !== 'additionalProperties') return [];
  const { additionalProperty } = error.params as { additionalProperty: string };
  const meant = nearest(additionalProperty, keysOf(error));
  return meant === undefined ? [] : [`${error.instancePath}/${meant}`];
};

const missingKey = ({ keyword, instancePath, params }: ErrorObject): string => {
  const { missingProperty } = params as { missingProperty?: string };
  return keyword === 'required' ? `${instancePath}/${missingProperty}` : '';
};

/** The other items of a list keep their indexes, by which their positions in the file are found. */
const remove = (document: unknown, path: Path): void => {
  let parent = document as Record<string, unknown> | undefined;
  for (const key of path.slice(0, -1)) {
    parent = parent?.[key] as Record<string, unknown> | undefined;
  }
  const last = path.at(-1);
  if (parent !== undefined && last !== undefined) parent[last] = undefined;
};
