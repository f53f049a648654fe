import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { contractSchema } from './contract-schema.ts';
import { describeMisfit, misspeltIn, pathOf, type Misfit } from './describe-misfit.ts';
import type { ContractDocument } from './document.ts';
import * as parts from './parts.ts';
import type { Path, Report } from './problem.ts';
import { readParts } from './read-parts.ts';

/**
 * Checks the document by the contract's schema and returns it without the invalid values. What decides about requests
 * is reported; what is only published, and keys that OpenAPI does not define, are warned of.
 */
export const checkShape = (value: unknown, report: Report, warn: Report): ContractDocument => {
  const document = structuredClone(value);
  validate(value);
  const errors = (validate.errors ?? []).filter(({ keyword }) => !echoes.has(keyword));
  const isRead = readParts(value);
  const missing = new Set(errors.map(missingKey));
  const misspelt = new Set(errors.flatMap(misspeltKey));
  for (const error of errors) {
    if (misspelt.has(missingKey(error))) continue;
    const misfit = describeMisfit(error);
    const { path, message, at } = misfit;
    const isProblem =
      error.keyword === 'additionalProperties'
        ? isOwnKey(misfit) || misspeltKey(error).some((key) => missing.has(key) || decides(key))
        : isOwnPath(path) || isRead(path);
    if (!isProblem) {
      warn(path, message, at);
      continue;
    }
    report(path, message, at);
    const isWhole = keepsValue.has(error.keyword) || error.propertyName !== undefined;
    if (!isWhole) remove(document, pathOf(error.instancePath));
  }
  return document ?? {};
};

// Compiled for each start, and run once: code that is not optimized is there in half the time.
const quick = { inlineRefs: false, code: { optimize: false } };
const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, ...quick });
const validate = ajv.compile(contractSchema(parts));

/** They only say that something else failed, which is reported as well. */
const echoes = new Set(['if', 'propertyNames']);

/** Their value is valid except for missing or additional keys. */
const keepsValue = new Set(['additionalProperties', 'required', 'minProperties']);

const isOwnPath = (path: Path): boolean => path.includes('x-postern');

/** A key of the extension, or the extension where nothing reads it. */
const isOwnKey = ({ path }: Misfit): boolean => isOwnPath(path);

/** Without this key, more callers might be let in than was meant. */
const decides = (pointer: string): boolean => pointer.endsWith('/security');

/** A misspelt key is not also reported as missing. */
const misspeltKey = (error: ErrorObject): string[] => {
  const meant = misspeltIn(error);
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
