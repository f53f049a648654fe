import { literal } from '../../../compiler/code.ts';
import {
  contractPart,
  type PlannedOperation,
  withDefaults,
} from '../../../compiler/contract-part.ts';
import type { ContractDocument } from '../../../compiler/document.ts';
import { gatherParameters } from '../../../compiler/gather-parameters.ts';
import type { SchemeDefinition } from '../../../compiler/mapped-schemes.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import type { Requirement } from '../../contract.ts';
import { isSessionCookie } from '../../http/own-credentials.ts';
import { isWithheld } from '../../http/withheld-headers.ts';
import type { ApiKeyPolicy, KeyPlace } from './policy.ts';

const errors = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'CREDENTIALS_EXPIRED',
  'CREDENTIAL_STORE_UNAVAILABLE',
] as const;

/** RFC 9110 §9.2.1. */
const isSafe = (id: string): boolean => /^(GET|HEAD|OPTIONS) /.test(id);

const apiKey = {
  type: 'object',
  additionalProperties: false,
  properties: {
    prefix: {
      type: 'string',
      pattern: '^[a-z]([a-z0-9_]{0,18}[a-z0-9])?$',
      errorMessage:
        'must be lower-case letters, digits and underscores, 20 at most, beginning with a letter',
      default: 'key',
      examples: ['shop'],
      description:
        'What the keys begin with: `shop_…`. Scanners of secrets recognize yours by it. Another prefix makes all keys invalid.',
    },
  },
  examples: ['{}', '{ prefix: shop }'],
  description:
    'Consumers with an API key, in the header, query parameter or cookie that the scheme names.',
} as const;

export default contractPart({
  folder: 'sign-in/api-key',
  signIn: apiKey,
  signInBy: 'scheme',
  compile: ({ document, schemes, routes, report }) => {
    const uses = routes.flatMap(({ plan: { id, access }, operation }) =>
      access.kind === 'public'
        ? []
        : access.alternatives.map((needed) => ({ id, operation, needed })),
    );
    const read = schemes.map(({ method, value, path, definition }) => {
      const { prefix } = withDefaults(apiKey, value);
      return { method, prefix, place: placeOf(definition, path, report) };
    });
    const used = read.filter(({ method }) => uses.some(({ needed }) => method in needed));
    for (const { operation, needed } of uses) {
      const places = used.filter(({ method }) => method in needed).map(({ place }) => place);
      if (operation !== undefined) checkParameters(document, operation, places, report);
    }
    if (used.length === 0) return () => ({});
    const signedIn = new Set(
      uses.filter(({ needed }) => used.some(({ method }) => method in needed)).map(({ id }) => id),
    );
    const policies = used.map(({ method, prefix, place }): [string, ApiKeyPolicy] => [
      method,
      { ...place, prefix, others: othersOf(method, used, uses) },
    ]);
    const prefixes = [...new Set(used.map(({ prefix }) => prefix))];
    return ({ use, useStore }) => ({
      signIn: Object.fromEntries(
        policies.map(([method, policy]) => [
          method,
          `${use('apiKeySignIn', 'api-key-sign-in.ts')}(${literal(policy)})`,
        ]),
      ),
      feature: `${use('withoutKeys', 'without-keys.ts')}(${literal(prefixes)})`,
      stores: {
        credentials: useStore('dynamoDbCredentials', 'credentials/dynamodb-credentials.ts'),
      },
      permissions: [{ store: 'credentials', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] }],
      responses: (id) => {
        if (!signedIn.has(id)) return {};
        const isByCookie = used.some(({ place }) => place.in === 'cookie') && !isSafe(id);
        return { errors: isByCookie ? [...errors, 'CROSS_SITE_REQUEST'] : errors };
      },
      summary: { api_keys: policies.map(([method, policy]) => ({ method, ...policy })) },
    });
  },
});

const placeOf = (
  { type, in: kind, name }: SchemeDefinition,
  path: Path,
  report: Report,
): KeyPlace => {
  const place = { in: kind, name } as KeyPlace;
  if (type !== 'apiKey') {
    const message =
      'an API key is sent by a scheme of the type apiKey: "type: apiKey, in: header, name: X-Api-Key"';
    report(path, message, 'key');
  } else if (kind === 'header' && isWithheld(place.name.toLowerCase())) {
    report(
      path,
      `the header ${place.name} is the gateway's own — use another, such as X-Api-Key`,
      'key',
    );
  } else if (kind === 'cookie' && isSessionCookie(`${place.name}=`)) {
    report(path, `the cookie ${place.name} is that of sessions — use another name`, 'key');
  }
  return place;
};

interface UsedScheme {
  readonly method: string;
  readonly place: KeyPlace;
}

/** The places of the schemes that are never needed together with this one: two keys of a request contradict each other. */
const othersOf = (
  method: string,
  used: readonly UsedScheme[],
  uses: ReadonlyArray<{ readonly needed: Requirement }>,
): readonly KeyPlace[] =>
  used
    .filter((each) => each.method !== method)
    .filter((each) => !uses.some(({ needed }) => method in needed && each.method in needed))
    .map(({ place }) => place);

/** A key is removed before parameters are checked, so that a request with the parameter would never be valid. */
const checkParameters = (
  document: ContractDocument,
  { path, item, operation, place }: PlannedOperation,
  places: readonly KeyPlace[],
  report: Report,
): void => {
  const lists = [
    { list: item.parameters ?? [], path: ['paths', path, 'parameters'] },
    { list: operation.parameters ?? [], path: [...place, 'parameters'] },
  ];
  const { parameters } = gatherParameters(document, lists, () => undefined);
  for (const { value, path: at } of parameters) {
    if (value.required !== true || !places.some((each) => isAt(each, value))) continue;
    report(
      at,
      `"${value.name}" is the API key of the security scheme — remove the parameter`,
      'key',
    );
  }
};

const isAt = (
  place: KeyPlace,
  other: { readonly in?: unknown; readonly name?: unknown },
): boolean =>
  place.in === other.in &&
  (place.in === 'header'
    ? place.name.toLowerCase() === String(other.name).toLowerCase()
    : place.name === other.name);
