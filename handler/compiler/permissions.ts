import { groupBy } from './group-by.ts';

/** What the function may do on AWS: exact actions, such as `dynamodb:GetItem`, on one resource that its role names. */
export type Permission = PermittedResource & { readonly actions: readonly Action[] };

export type Action = `${Lowercase<string>}:${Capitalize<string>}`;

type PermittedResource =
  | {
      /** A table of the gateway, as `stores` in terraform/modules/gateway/permissions.tf names it. */
      readonly store:
        'cache' | 'credentials' | 'idempotency' | 'rate-limits' | 'sessions' | 'traffic' | 'usage';
      /** Items whose hash key matches one of these, in which `*` is any text. Absent: all items. */
      readonly leadingKeys?: readonly string[];
    }
  /** A secret of the gateway, as `secrets` in the same file names it. */
  | { readonly secret: 'signing' }
  /** What the ARN in the environment's `upstreams` names, or what is in it: `within: '/exports/*'`. */
  | { readonly upstream: string; readonly within?: string }
  /** The same by the ARN in the environment's `values`, to which the contract refers as `${name}`. */
  | { readonly value: string; readonly within?: string };

/**
 * What all parts need, each action on a resource once. Contracts that need the same have the same list. What is permitted
 * on all items of a table is not said again of some.
 */
export const mergedPermissions = (permissions: readonly Permission[]): readonly Permission[] => {
  const byResource = groupBy(permissions, ({ actions: _, ...resource }) => canonical(resource));
  const merged = [...byResource].map(([resource, same]) => {
    const actions = sorted(same.flatMap(({ actions }) => actions));
    for (const action of actions) if (!isExact(action)) throw new TypeError(`Not exact: ${action}`);
    return { ...(JSON.parse(resource) as PermittedResource), actions };
  });
  const onAll = groupBy(
    merged.filter((each) => 'store' in each && each.leadingKeys === undefined),
    storeOf,
  );
  return merged
    .map((each): Permission => {
      const [all] = 'leadingKeys' in each ? (onAll.get(storeOf(each)) ?? []) : [];
      return { ...each, actions: each.actions.filter((one) => !all?.actions.includes(one)) };
    })
    .filter(({ actions }) => actions.length > 0)
    .toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
};

const storeOf = (permission: PermittedResource): string | undefined =>
  'store' in permission ? permission.store : undefined;

/** A wildcard would permit what no part has asked for. */
const isExact = (action: string): boolean => /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action);

/** The same text for the same resource, however a part writes it. */
const canonical = (value: object): string =>
  JSON.stringify(value, (_, each: unknown) =>
    Array.isArray(each)
      ? sorted(each as string[])
      : typeof each === 'object' && each !== null
        ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : each,
  );

const sorted = <T extends string>(list: readonly T[]): readonly T[] =>
  [...new Set(list)].toSorted();
