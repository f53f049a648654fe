import { hasExpression, literalTexts } from '../../../../compiler/expression.ts';
import type { Path, Report } from '../../../../compiler/problem.ts';
import type { TextTemplate } from '../../../http/expression.ts';

/**
 * Reports a location whose host a request could choose (CWE-601): the host is written in the contract, or a value of the
 * environment, and it has ended before the first expression.
 */
export const checkLocation = (
  template: TextTemplate,
  keepsQuery: boolean,
  path: Path,
  report: Report,
): void => {
  const [start = ''] = template;
  const isFixed = !hasExpression(template);
  const begins = typeof start === 'string' && (isFixed ? whole : closed).test(start);
  if (!begins)
    report(
      path,
      isFixed
        ? 'a location is a path of this gateway that begins with one /, or an http or https URL'
        : 'a location begins with / or with a whole http or https host and its /, before any expression',
    );
  const texts = literalTexts(template);
  if (texts.some((text) => /[^!-~]|[\\"<>^`|]/.test(text)))
    report(path, 'a location has only the characters of a URL — percent-encode the others');
  if (keepsQuery && texts.some((text) => /[?#]/.test(text)))
    report(path, 'a location that keeps the query of the request has no ? and no # of its own');
};

const host = String.raw`https?://(?:[\w.-]|\$\{\w+\})+(?::\d+)?`;

const whole = new RegExp(String.raw`^(?:/(?![/\\])|(?:${host}|\$\{\w+\})(?:[/?#]|$))`);

const closed = new RegExp(String.raw`^(?:/(?![/\\])|(?:${host}|\$\{\w+\})/)`);
