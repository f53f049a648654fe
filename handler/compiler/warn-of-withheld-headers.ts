import { endsHere } from '../src/http/hop-by-hop.ts';
import { isWithheld } from '../src/http/withheld-headers.ts';
import type { Report } from './problem.ts';
import type { RoutePlan } from './plan.ts';

const ends = endsHere(undefined);

/** Warns of header parameters that the service never gets as the client sent them. */
export const warnOfWithheldHeaders = (routes: readonly RoutePlan[], warn: Report): void => {
  for (const { in: place, name, schema } of routes.flatMap(({ parameters }) => parameters)) {
    if (place !== 'header' || !(isWithheld(name) || ends(name))) continue;
    warn(
      [...schema.slice(0, -1), 'name'],
      `the header "${name}" does not reach the service: the gateway drops it or sends its own — leave the parameter out`,
    );
  }
};
