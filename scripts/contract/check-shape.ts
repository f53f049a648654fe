import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import contractSchema from './gateway.schema.json' with { type: 'json' };
import type { ContractDocument } from './document.ts';
import type { Path, Report } from './fault.ts';
import { suggestion } from './nearest.ts';

/**
 * Holds the document against the schema of what Postern understands, reports every misfit, and gives the
 * document back without the values at fault.
 */
export const checkShape = (value: unknown, report: Report): ContractDocument => {
  const document = structuredClone(value);
  validate(value);
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'if') continue;
    reportError(error, report);
    if (!keepsValue.has(error.keyword)) remove(document, pathOf(error.instancePath));
  }
  return document ?? {};
};

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: false,
  formats: { regex: isRegularExpression },
});
const validate = ajv.compile(contractSchema);

/** Their value is whole but for what is missing or too much in it. */
const keepsValue = new Set(['additionalProperties', 'required', 'propertyNames', 'minProperties']);

const reportError = (error: ErrorObject, report: Report): void => {
  const path = pathOf(error.instancePath);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      report([...path, key], `unknown key "${key}"${suggestion(key, keysOf(error))}`, 'key');
      return;
    }
    case 'required':
      report(path, `"${String(params['missingProperty'])}" is missing`, 'key');
      return;
    case 'propertyNames':
      return;
    default:
      // The name of a property has no path of its own; ajv says which it was.
      if (error.propertyName !== undefined) {
        report([...path, error.propertyName], `"${error.propertyName}": ${describe(error)}`, 'key');
      } else report(path, `${nameOf(path)}${describe(error)}`);
  }
};

const nameOf = (path: Path): string => {
  const name = path.findLast((key) => typeof key === 'string');
  return name === undefined ? '' : `"${name}" `;
};

const describe = ({ keyword, params, data, message, parentSchema }: ErrorObject): string => {
  const own = (parentSchema as { errorMessage?: string } | undefined)?.errorMessage;
  const given = params as {
    allowedValues?: string[];
    allowedValue?: unknown;
    type?: string | string[];
  };
  if (own !== undefined) return own;
  if (keyword === 'enum')
    return `cannot be ${JSON.stringify(data)}${suggestion(String(data), given.allowedValues ?? [])}`;
  if (keyword === 'const') return `must be ${JSON.stringify(given.allowedValue)}`;
  if (keyword === 'type') return `must be ${article([given.type].flat().join(' or '))}`;
  if (keyword === 'format')
    return `${JSON.stringify(data)} is not a regular expression that JavaScript understands`;
  return message ?? keyword;
};

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

const keysOf = ({ parentSchema }: ErrorObject): string[] =>
  Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});

const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Indices of a list's other items stay what they are: their places in the file are found by them. */
const remove = (document: unknown, path: Path): void => {
  let parent = document as Record<string, unknown> | undefined;
  for (const key of path.slice(0, -1))
    parent = parent?.[key] as Record<string, unknown> | undefined;
  const last = path.at(-1);
  if (parent !== undefined && last !== undefined) parent[last] = undefined;
};

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
