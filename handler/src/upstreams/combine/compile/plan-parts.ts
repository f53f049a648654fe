import { callersOf } from '../../../../compiler/callers-of.ts';
import type {
  Located,
  PlannedOperation,
  PlannedRoute,
} from '../../../../compiler/contract-part.ts';
import type { ContractDocument } from '../../../../compiler/document.ts';
import { readDuration, timeoutRange } from '../../../../compiler/duration.ts';
import {
  type ExpressionReader,
  expressionReader,
  literalTexts,
} from '../../../../compiler/expression.ts';
import type { FindRoute } from '../../../../compiler/find-route.ts';
import { implies } from '../../../../compiler/admits-more.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import { nearestSetting } from '../../../../compiler/sections.ts';
import type { Access } from '../../../contract.ts';
import type { PartPlan } from '../combine-upstreams.ts';

interface SaidPart {
  readonly get?: string | undefined;
  readonly timeout?: string | undefined;
  readonly partial?: 'allow' | 'deny' | undefined;
}

interface Tools {
  readonly document: ContractDocument;
  readonly find: FindRoute;
  readonly report: Report;
}

/** Reports a part that is no route of an operation, and one that would show callers what its own route refuses them. */
export const planParts = (
  {
    value,
    path,
  }: Located<{ readonly parts?: Readonly<Record<string, SaidPart | undefined>> | undefined }>,
  whole: PlannedRoute,
  tools: Tools,
): readonly PartPlan[] => {
  const reader = expressionReader(tools.document, whole, tools.report);
  return Object.entries(value.parts ?? {}).flatMap(([name, said]) => {
    const place = [...path, 'parts', name];
    if (said?.get === undefined) return [];
    const target = readTarget(said.get, [...place, 'get'], reader, tools);
    if (target === undefined) return [];
    checkRoute(target.route, whole, [...place, 'get'], tools);
    const timeoutMs = readDuration(said.timeout, timeoutRange, [...place, 'timeout'], tools.report);
    return [
      {
        name,
        route: target.route.plan.id,
        path: target.path,
        query: target.query,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(said.partial === 'allow' && { isOptional: true as const }),
      },
    ];
  });
};

/** The path, the pairs of the query, and the route that they lead to. */
const readTarget = (
  get: string,
  place: Path,
  reader: ExpressionReader,
  { find, report }: Tools,
) => {
  const [, pathText = '', queryText] = /^([^?]*)(?:\?(.*))?$/s.exec(get) ?? [];
  const path = reader.text(pathText, place);
  const query = (queryText?.split('&') ?? []).map((pair) => reader.text(pair, place));
  const [wrong] = [path, ...query]
    .flatMap(literalTexts)
    .flatMap((text) => /\{[^{}]*\}?/.exec(text) ?? []);
  if (wrong !== undefined) {
    report(
      place,
      `"${wrong}" is no expression — write a value of the request such as {$request.path.id}`,
    );
    return undefined;
  }
  const route = find(path);
  if (route !== undefined) return { path, query, route };
  report(place, `"${pathText}" leads to no GET route of this document`);
  return undefined;
};

/** A part is requested without the steps of its own route, so these must refuse no caller of the whole. */
const checkRoute = (
  { plan, operation }: PlannedRoute,
  whole: PlannedRoute,
  place: Path,
  { document, report }: Tools,
): void => {
  if (plan.target.kind === 'combine')
    return report(place, `${plan.id} is combined itself — name its parts here`);
  if (operation === undefined || whole.operation === undefined)
    return report(place, `the gateway itself responds to ${plan.id} — name an operation's route`);
  if (admitsOthers(whole.plan.access, plan.access))
    report(
      place,
      `${whole.plan.id} admits ${callersOf(whole.plan.access)}, and its part ${plan.id} ${callersOf(plan.access)}: the part would be shown to callers whom its own route refuses — give both the same "security"`,
    );
  for (const key of differing(document, operation, whole.operation))
    report(
      place,
      `"${key}" of ${plan.id} does not apply to it as a part of ${whole.plan.id} — give both the same, or this route none`,
    );
};

/** Also if the part would have another caller, because the first scheme of an alternative names it. */
const admitsOthers = (whole: Access, part: Access): boolean => {
  if (part.kind === 'public') return false;
  if (whole.kind === 'public') return true;
  return !whole.alternatives.every((one) =>
    part.alternatives.some(
      (other) => implies(one, other) && Object.keys(one)[0] === Object.keys(other)[0],
    ),
  );
};

/** The settings of the part that its request would need, and that the request for the whole does not have. */
const differing = (
  document: ContractDocument,
  part: PlannedOperation,
  whole: PlannedOperation,
): readonly string[] => {
  const sections = [part.operation, part.item].map((owner) => owner['x-postern']);
  const keys = [...sections, document['x-postern']?.defaults].flatMap((each) =>
    Object.keys(each ?? {}),
  );
  return [...new Set(keys)].filter((key) => {
    if (ofEachRoute.has(key)) return false;
    const [own, other] = [part, whole].map((each) => {
      const value = nearestSetting(document, each)(key)?.value;
      // Of the headers of a part, nothing is sent to the caller.
      return key === 'transform' ? (value as Transform | undefined)?.request : value;
    });
    if (own === undefined || own === false || (Array.isArray(own) && own.length === 0))
      return false;
    // The query of the whole is not that of a part.
    const hasOwnQuery = key === 'transform' && (own as Transform['request'])?.query !== undefined;
    return hasOwnQuery || JSON.stringify(own) !== JSON.stringify(other);
  });
};

interface Transform {
  readonly request?: { readonly query?: object };
}

/**
 * Settings for which it does not matter that a part has them: they are about its target, about its response on the way to
 * a client, or about how often and with what clients may send requests, which the whole has its own rules for.
 */
const ofEachRoute: ReadonlySet<string> = new Set([
  ...['upstream', 'respond', 'redirect', 'mock', 'combine', 'rewrite', 'sticky', 'timeout'],
  ...['compress', 'cors', 'deprecation'],
  ...['rateLimits', 'request', 'maxBodySize', 'idempotency', 'mirror'],
]);
