import type { PlannedOperation } from '../../../../compiler/contract-part.ts';
import {
  bodyText,
  chooseMedia,
  chooseResponse,
  concrete,
  exampleOf,
  headerText,
  isOwnHeader,
  objectIn,
  type Part,
} from '../../../../compiler/declared-response.ts';
import { checkHeaderName } from '../../../../compiler/header-rules.ts';
import type { Report } from '../../../../compiler/problem.ts';
import { validatorsOf } from '../../../../compiler/schemas-of-document.ts';
import type { OwnResponse } from '../respond-upstreams.ts';

/** The response of an operation's example: that of its first success. Reports an example that is missing or invalid. */
export const createMocks = (document: object, report: Report) => {
  let validators: ReturnType<typeof validatorsOf> | undefined;

  /** Its own example, or that of its schema. */
  const valueOf = (owner: Part): unknown => {
    const { example, examples, default: usual } = objectIn(document, owner['schema']);
    const [first] = Array.isArray(examples) ? (examples as readonly unknown[]) : [];
    return exampleOf(document, owner) ?? example ?? first ?? usual;
  };

  return ({ id, operation, place }: PlannedOperation): OwnResponse | undefined => {
    const path = [...place, 'responses'];
    const responses = objectIn(document, (operation as Part)['responses']);
    const [status, declared] = chooseResponse(responses, '');
    const { content, headers: ofResponse } = objectIn(document, declared);
    const headers = Object.entries(objectIn(document, ofResponse)).flatMap(([written, header]) => {
      const name = written.toLowerCase();
      const value = valueOf(objectIn(document, header));
      if (!isOwnHeader(name) || value === undefined) return [];
      let isOwn = false;
      checkHeaderName(name, 'response', path, () => (isOwn = true));
      return isOwn ? [] : [[name, [headerText(value)]] as const];
    });
    const [type, media] = chooseMedia(objectIn(document, content));
    if (type === undefined) return { status, headers };
    const owner = objectIn(document, media);
    const value = valueOf(owner);
    if (value === undefined) {
      report(
        path,
        `${id} is a mock, but its response ${status} has no example of ${type} — add an "example"`,
        'key',
      );
      return undefined;
    }
    validators ??= validatorsOf(document);
    if (owner['schema'] !== undefined && !validators(owner['schema'])(value))
      report(
        path,
        `${id} is a mock, but the example of its response ${status} does not match its schema`,
        'key',
      );
    return {
      status,
      headers: [...headers, ['content-type', [concrete(type)]]],
      text: [bodyText(type, value)],
    };
  };
};
