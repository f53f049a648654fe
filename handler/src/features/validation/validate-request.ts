import type { Subject, Validate } from '../../contract.ts';
import type { Violation } from '../../http/gateway-error.ts';
import { checkBody } from './check-body.ts';
import { checkParameters } from './check-parameters.ts';
import { createQueryCheck, type QueryCheck } from './check-query.ts';
import type { RequestSchema } from './request-schema.ts';

const maxViolations = 20;

/**
 * The validator of one route. It does not modify the request: defaults are not added, and additional query parameters
 * are not removed.
 */
export const validateRequest = ({
  parameters,
  body,
  refusesUndeclaredQuery,
}: RequestSchema): Validate => {
  const inQuery = parameters.flatMap(({ in: place, name, names = [] }) =>
    place === 'query' ? [name, ...names] : [],
  );
  let checkQuery: QueryCheck | undefined;
  return (subject: Subject): readonly Violation[] => {
    if (subject.query !== '')
      checkQuery ??= createQueryCheck(inQuery, refusesUndeclaredQuery === true);
    return [
      ...(subject.query === '' || checkQuery === undefined ? [] : checkQuery(subject.query)),
      ...checkParameters(parameters, subject),
      ...checkContent(body, subject),
    ].slice(0, maxViolations);
  };
};

const checkContent = (schema: RequestSchema['body'], subject: Subject): readonly Violation[] => {
  if (schema === 'any') return [];
  if (schema !== 'none') return checkBody(schema, subject);
  return subject.body === undefined
    ? []
    : [{ pointer: '', detail: 'is not allowed: this operation has no body' }];
};
