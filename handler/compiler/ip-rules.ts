import type { IpRules } from '../src/http/ip-filter.ts';
import { readIpRange } from '../src/http/ip-range.ts';
import { valueNames } from '../src/contract-values.ts';
import type { Said } from './contract-part.ts';
import type { ContractDocument } from './document.ts';
import type { Path, Report } from './problem.ts';
import { sectionsOf } from './sections.ts';

const addresses = {
  if: { type: 'array' },
  then: { items: { type: 'string' }, minItems: 1, uniqueItems: true },
  else: {
    type: 'string',
    pattern: '^\\$\\{[A-Za-z][A-Za-z0-9_]*\\}$',
    errorMessage:
      'must be a list of addresses and CIDR ranges, or "${name}" for a value of the environment\'s tfvars',
  },
} as const;

export const ipRulesSchema = {
  type: 'object',
  errorMessage: 'must be false, or have allow or deny',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    allow: {
      ...addresses,
      description:
        'Only these may call: addresses and CIDR ranges of IPv4 and IPv6, or `${name}` for one or several, separated by commas, that the environment’s tfvars give.',
      examples: ['[10.0.0.0/8]'],
    },
    deny: {
      ...addresses,
      description: 'These may not call, even if `allow` has them.',
      examples: ['[203.0.113.7]'],
    },
  },
} as const;

export type IpRulesSection = Said<typeof ipRulesSchema>;

const lists = ['allow', 'deny'] as const;

/** Reports every entry that is neither an address or a range nor a value of the environment. */
export const checkIpRules = (section: IpRulesSection, path: Path, report: Report): void => {
  for (const list of lists) {
    const entries = section[list];
    if (!Array.isArray(entries)) continue;
    for (const [index, entry] of (entries as readonly (string | undefined)[]).entries()) {
      if (entry === undefined || /^\$\{[A-Za-z][A-Za-z0-9_]*\}$/.test(entry)) continue;
      const range = readIpRange(entry);
      if ('problem' in range) report([...path, list, index], `"${entry}" ${range.problem}`);
    }
  }
};

export const readIpRules = (section: IpRulesSection): IpRules =>
  Object.fromEntries(
    lists.flatMap((list) => {
      const entries = section[list];
      if (entries === undefined) return [];
      return [[list, [entries].flat().filter((entry) => entry !== undefined)]];
    }),
  );

/** The values that the rules of a document name, of routes and of plans: one store has them all. */
export const ipValueNames = (document: ContractDocument): readonly string[] => {
  const { plans = {} } = (document['x-postern'] ?? {}) as { plans?: Record<string, Holder> };
  const holders = [...Object.values(plans), ...sectionsOf(document).map(({ section }) => section)];
  const rules = holders.map((holder) => (holder as Holder | undefined)?.ipRules);
  const texts = rules.flatMap((each) => {
    if (each === undefined || each === false) return [];
    const { allow = [], deny = [] } = readIpRules(each);
    return [...allow, ...deny];
  });
  return [...new Set(valueNames(texts))];
};

interface Holder {
  readonly ipRules?: IpRulesSection | false;
}
