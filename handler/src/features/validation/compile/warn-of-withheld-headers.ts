import { endsHere } from '../../../http/hop-by-hop.ts';
import { isWithheld } from '../../../http/withheld-headers.ts';
import type { Report } from '../../../../compiler/problem.ts';
import type { RequestPlan } from './request-plan.ts';

const ends = endsHere(undefined);

/** Warns of header parameters that the service never receives as the client sent them. */
export const warnOfWithheldHeaders = (requests: readonly RequestPlan[], warn: Report): void => {
  for (const { in: place, name, schema } of requests.flatMap(({ parameters }) => parameters)) {
    if (place !== 'header' || schema === undefined || !(isWithheld(name) || ends(name))) continue;
    warn(
      [...schema.slice(0, -1), 'name'],
      `the header "${name}" does not reach the service: the gateway drops it or sends its own — leave the parameter out`,
    );
  }
};
