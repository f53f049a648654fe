import ts from 'typescript';

export interface FoundExpression {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression of a module: literals, and `RegExp(…)` with a literal string. */
export const regularExpressionsOf = (file: string, code: string): readonly FoundExpression[] => {
  const module = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found: FoundExpression[] = [];
  const visit = (node: ts.Node): void => {
    const expression = literalOf(node) ?? constructedOf(node);
    if (expression !== undefined) {
      const { line } = module.getLineAndCharacterOfPosition(node.getStart(module));
      found.push({ file, line: line + 1, ...expression });
    }
    ts.forEachChild(node, visit);
  };
  visit(module);
  return found;
};

type Expression = Pick<FoundExpression, 'source' | 'flags'>;

const literalOf = (node: ts.Node): Expression | undefined => {
  if (!ts.isRegularExpressionLiteral(node)) return undefined;
  const end = node.text.lastIndexOf('/');
  return { source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
};

const constructedOf = (node: ts.Node): Expression | undefined => {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'RegExp') return undefined;
  const [source, flags] = node.arguments ?? [];
  if (source === undefined || !ts.isStringLiteralLike(source)) return undefined;
  return {
    source: source.text,
    flags: flags !== undefined && ts.isStringLiteralLike(flags) ? flags.text : '',
  };
};
