import { literal } from '../../../compiler/code.ts';
import {
  contractPart,
  type Located,
  type PlannedRoute,
  type Said,
} from '../../../compiler/contract-part.ts';
import {
  type ExpressionReader,
  expressionReader,
  hasExpression,
  literalTexts,
} from '../../../compiler/expression.ts';
import { checkHeaderName, checkHeaderValue } from '../../../compiler/header-rules.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { valueNames } from '../../contract-values.ts';
import type { TextTemplate } from '../../http/expression.ts';
import type { Changes, Transformation } from './transform.ts';

const texts = <const D extends string>(description: D) =>
  ({ type: 'object', additionalProperties: { type: 'string' }, description }) as const;

const names = <const D extends string>(description: D) =>
  ({ type: 'array', items: { type: 'string' }, description }) as const;

const headers = {
  type: 'object',
  additionalProperties: false,
  properties: {
    remove: names('Headers to remove.'),
    rename: texts('New names, by the old ones.'),
    set: texts(
      'Values by name, in place of those that are there. Without a value of its expression, the header is removed.',
    ),
    add: texts('Values by name, after those that are there.'),
  },
} as const;

const transform = {
  type: 'object',
  additionalProperties: false,
  description:
    'Changes headers and the query on the way to the upstream, and headers on the way back.',
  properties: {
    request: {
      type: 'object',
      additionalProperties: false,
      properties: {
        headers,
        query: {
          type: 'object',
          additionalProperties: false,
          properties: {
            remove: names('Parameters to remove.'),
            set: texts('Values by name, in place of those that are there.'),
          },
        },
      },
    },
    response: { type: 'object', additionalProperties: false, properties: { headers } },
  },
} as const;

export default contractPart({
  folder: 'features/transform',
  route: { transform },
  compile: ({ document, routes, nearest, report }) => {
    const byRoute = new Map<string, Transformation>();
    for (const route of routes) {
      const setting = route.operation && nearest(route.operation, 'transform');
      if (setting === undefined) continue;
      const plan = planTransform(setting, route, expressionReader(document, route, report), report);
      if (plan.request !== undefined || plan.response !== undefined)
        byRoute.set(route.plan.id, plan);
    }
    if (byRoute.size === 0) return () => ({});
    const values = [...new Set([...byRoute.values()].flatMap(valuesOf))];
    return ({ use }) => ({
      feature: use('transform', 'transform.ts'),
      ...(values.length > 0 && {
        stores: {
          transformValues: `${use('transformValues', 'transform.ts')}(${literal(values)})`,
        },
      }),
      route: (id) => {
        const plan = byRoute.get(id);
        return plan === undefined ? {} : { transform: literal(plan) };
      },
      values,
      functionValues: values,
    });
  },
});

type Section = Said<typeof transform>;

const planTransform = (
  { value: { request, response }, path }: Located<Section>,
  { plan, operation }: PlannedRoute,
  reader: ExpressionReader,
  report: Report,
): Transformation => {
  const isSent = plan.target.kind !== 'respond';
  // What a path or the defaults say is for the operations that have an upstream.
  if (!isSent && request !== undefined && path[2] === operation?.method)
    report([...path, 'request'], `${plan.id} sends no request to an upstream`, 'key');
  const planHeaders = (direction: 'request' | 'response', said: typeof request | typeof response) =>
    said?.headers &&
    planChanges(said.headers, [...path, direction, 'headers'], reader, {
      nameOf: (written, place) => {
        const name = written.toLowerCase();
        checkHeaderName(name, direction, place, report);
        return name;
      },
      checkValue: (name, template, place) => {
        for (const text of literalTexts(template)) checkHeaderValue(text, place, report);
        if (direction === 'response' && name === 'location' && hasExpression(template))
          report(place, 'a location with expressions is a "redirect"');
      },
    });
  const requestHeaders = isSent ? planHeaders('request', request) : undefined;
  const query =
    isSent &&
    request?.query &&
    planChanges(request.query, [...path, 'request', 'query'], reader, {
      nameOf: (name) => name,
      checkValue: () => undefined,
    });
  const responseHeaders = planHeaders('response', response);
  return {
    ...((requestHeaders || query) && {
      request: { ...(requestHeaders && { headers: requestHeaders }), ...(query && { query }) },
    }),
    ...(responseHeaders && { response: { headers: responseHeaders } }),
  };
};

interface Rules {
  readonly nameOf: (written: string, path: Path) => string;
  readonly checkValue: (name: string, template: TextTemplate, path: Path) => void;
}

type Texts = Readonly<Record<string, string | undefined>>;

const planChanges = (
  said: {
    readonly remove?: ReadonlyArray<string | undefined> | undefined;
    readonly rename?: Texts | undefined;
    readonly set?: Texts | undefined;
    readonly add?: Texts | undefined;
  },
  path: Path,
  reader: ExpressionReader,
  { nameOf, checkValue }: Rules,
): Changes => {
  const templates = (key: 'set' | 'add') =>
    entriesOf(said[key]).map(([written, text]) => {
      const place = [...path, key, written];
      const name = nameOf(written, place);
      const template = reader.text(text, place);
      checkValue(name, template, place);
      return [name, template] as const;
    });
  const remove = (said.remove ?? []).flatMap((written, index) =>
    written === undefined ? [] : [nameOf(written, [...path, 'remove', index])],
  );
  const rename = entriesOf(said.rename).map(([from, to]) => {
    const place = [...path, 'rename', from];
    return [nameOf(from, place), nameOf(to, place)] as const;
  });
  const [set, add] = [templates('set'), templates('add')];
  return {
    ...(remove.length > 0 && { remove }),
    ...(rename.length > 0 && { rename }),
    ...(set.length > 0 && { set }),
    ...(add.length > 0 && { add }),
  };
};

const entriesOf = (texts: Texts | undefined): ReadonlyArray<readonly [string, string]> =>
  Object.entries(texts ?? {}).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]));

const valuesOf = ({ request, response }: Transformation): readonly string[] =>
  valueNames(
    [request?.headers, request?.query, response?.headers].flatMap((changes) =>
      [...(changes?.set ?? []), ...(changes?.add ?? [])].flatMap(([, template]) =>
        literalTexts(template),
      ),
    ),
  );
