import ts from 'typescript';

const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint']);
const hasWord = (text: string) => /\p{L}{2}/u.test(text);

/** Words between tags or in spoken attributes that never went through a catalogue. */
export function literalFindings(file: string, source: string): readonly string[] {
  const findings: string[] = [];
  const tell = (text: string) => {
    if (hasWord(text)) findings.push(`${file}: “${text.trim()}”`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) tell(node.text);
    else if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer))
      tell(node.initializer.text);
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression && ts.isStringLiteralLike(node.expression))
      tell(node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return findings;
}
