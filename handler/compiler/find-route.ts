import { createMatcher } from '../src/pipeline/match.ts';
import { segmentTemplate } from '../src/pipeline/segment-template.ts';
import type { TextTemplate } from '../src/http/expression.ts';
import type { PlannedRoute } from './contract-part.ts';
import { withEach } from './expression.ts';

/** Finds the route of a GET request to a path, whatever the values of its expressions are. */
export type FindRoute = (path: TextTemplate) => PlannedRoute | undefined;

export const routeFinder = (routes: readonly PlannedRoute[]): FindRoute => {
  const byId = new Map(routes.map((route) => [route.plan.id, route]));
  const match = createMatcher(
    routes.map(({ plan }) => ({
      ...plan,
      rateLimits: [],
      allowsFoldedPath: true,
      validate: undefined,
    })),
    segmentTemplate,
  );
  return (path) => {
    const text = withEach(path, anyValue);
    const found = match('GET', text.split('/').slice(1));
    return found.kind === 'match' ? byId.get(found.match.route.id) : undefined;
  };
};

/** A character for private use, which no literal of a path has. */
const anyValue = '\ue000';
