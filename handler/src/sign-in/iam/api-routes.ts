/** A route of the contract as API Gateway would have to know it. */
export interface PlainRoute {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** The keys of API Gateway's routes, such as `GET /orders/{id}`. */
export interface ApiRoutes {
  readonly aws_iam: readonly string[];
  /** Without authorization: API Gateway would demand a signature of their requests, too. */
  readonly open: readonly string[];
}

/** Whether API Gateway has such paths: a parameter is a whole segment there. */
export const canBeRoute = (path: string): boolean =>
  segmentsOf(path).every((segment) => rankOf(segment) !== ranks.template);

/**
 * The routes that signed requests need beside `$default`. HEAD has one as well, because it goes to the operation of GET.
 * An open route has one where the contract prefers it for a path that a signed route matches, too.
 */
export const apiRoutesOf = (
  signed: readonly PlainRoute[],
  others: readonly PlainRoute[],
): ApiRoutes => {
  const all = [...signed, ...others];
  const keysOf = ({ method, path }: PlainRoute): readonly string[] =>
    method === 'GET' && !all.some((other) => other.method === 'HEAD' && other.path === path)
      ? [`GET ${path}`, `HEAD ${path}`]
      : [`${method} ${path}`];
  return {
    aws_iam: signed.flatMap(keysOf).toSorted(),
    open: others
      .filter((other) => signed.some((route) => isPreferred(other, route)))
      .flatMap(keysOf)
      .toSorted(),
  };
};

/** Whether both match some path, and the contract has the first for it. */
export const isPreferred = (one: PlainRoute, other: PlainRoute): boolean => {
  if (one.method !== other.method) return false;
  const [own, its] = [segmentsOf(one.path), segmentsOf(other.path)];
  let preference = 0;
  for (let index = 0; ; index += 1) {
    const [left, right] = [own[index], its[index]];
    if (left === undefined && right === undefined) return preference < 0;
    if (left === undefined || right === undefined) return false;
    if (rankOf(left) === ranks.literal && rankOf(right) === ranks.literal && left !== right)
      return false;
    preference ||= rankOf(left) - rankOf(right);
    if ([rankOf(left), rankOf(right)].includes(ranks.rest)) return preference < 0;
  }
};

/** Less is preferred: the order in which the gateway matches. */
const ranks = { literal: 0, template: 1, parameter: 2, rest: 3 };

const rankOf = (segment: string): number => {
  if (/^\{[^{}]*\+\}$/.test(segment)) return ranks.rest;
  if (/^\{[^{}]*\}$/.test(segment)) return ranks.parameter;
  return segment.includes('{') ? ranks.template : ranks.literal;
};

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);
