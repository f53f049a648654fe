/** The same value in YAML 1.2, in block style. */
export const jsonToYaml = (text: string): string =>
  `${block(JSON.parse(text), '\n').trimStart()}\n`;

const block = (value: unknown, lineStart: string): string => {
  if (typeof value === 'string') return ` ${scalar(value)}`;
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return ` ${JSON.stringify(value)}`;
  const below = `${lineStart}  `;
  return Array.isArray(value)
    ? value.map((item) => `${lineStart}-${block(item, below).replace(/^\s+/, ' ')}`).join('')
    : Object.entries(value)
        .map(([key, member]) => `${lineStart}${scalar(key)}:${block(member, below)}`)
        .join('');
};

/** In quotes, as JSON writes it, if YAML 1.1 or 1.2 could read another value or a comment. */
const scalar = (text: string): string =>
  /^[$/A-Za-z][\w/.{}-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\u009f]/g,
        (control) => `\\x${control.charCodeAt(0).toString(16)}`,
      );
