import type { Subject, Validate } from './contract.ts';
import type { Violation } from '../http/gateway-error.ts';
import { checkBody } from './check-body.ts';
import { checkParameters } from './check-parameters.ts';
import type { RequestSchema } from './request-schema.ts';

const maxViolations = 20;

/** The validator of one route. Nothing it is given is altered: defaults stay out, extra query parameters stay in. */
export const validateRequest =
  ({ parameters, body }: RequestSchema): Validate =>
  (subject: Subject): readonly Violation[] =>
    [
      ...checkParameters(parameters, subject),
      ...(body === undefined ? [] : checkBody(body, subject)),
    ].slice(0, maxViolations);
