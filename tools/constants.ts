/**
 * The numbers that lib/ names: what they are called, and where they are used.
 *
 * @module
 */

import ts from "typescript";

/** A constant of a file: a number, a list of numbers, or a number of a record. */
export interface Constant {
  /** `MAX_PINS`, and of a record `GUEST_RATE.linesPerSecond`. */
  readonly name: string;
  readonly file: string;
  /** Whether a docstring says what it is. */
  readonly isDescribed: boolean;
}

/**
 * Lists the constants that stand at the top of a file.
 *
 * A docstring stands above each. Codes of characters, which are written as hexadecimal numbers, and
 * permissions, which are octal ones, share that of the code in the line above them.
 *
 * @param file Its path, for the result.
 * @param source Its text.
 */
export function listConstants(file: string, source: string): Constant[] {
  const tree = parse(file, source);
  const constants: Constant[] = [];
  let described = { isCode: false, line: -1 };
  for (const statement of tree.statements) {
    const line = tree.getLineAndCharacterOfPosition(statement.getStart(tree)).line;
    for (const { name, value } of declarationsOf(statement)) {
      const isCode = /^0[xo]/.test(value.getText(tree));
      const isShared = isCode && described.isCode && described.line === line - 1;
      const isDescribed = isShared || hasDocstring(statement, source);
      if (isDescribed) described = { isCode, line };
      const fields = ts.isObjectLiteralExpression(value)
        ? value.properties.map((field) => `${name}.${field.name!.getText(tree)}`)
        : [name];
      constants.push(...fields.map((each) => ({ name: each, file, isDescribed })));
    }
  }
  return constants;
}

/**
 * Puts another value where a file uses a constant. What the file declares, imports and exports
 * stays as it is, so that tests go on reading the constant's own value.
 *
 * @param constant Its name, as {@linkcode listConstants} tells it.
 * @param value An expression.
 * @returns The file's text; as it was if nothing in it uses the constant.
 */
export function replaceUses(file: string, source: string, constant: string, value: string): string {
  const [name, field] = constant.split(".") as [string, string?];
  const text = field === undefined ? value : `{ ...${name}, ${field}: ${value} }`;
  const tree = parse(file, source);
  let changed = "";
  let copied = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node) && node.text === name && !isOwnName(node)) {
      const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
      changed += source.slice(copied, node.getStart(tree));
      changed += isShorthand ? `${name}: ${text}` : `(${text})`;
      copied = node.end;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return changed + source.slice(copied);
}

/** Whether a name is where something gets it, or a field has it. */
function isOwnName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isField = ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent);
  return (isField || ts.isVariableDeclaration(parent)) && parent.name === node;
}

function parse(file: string, source: string): ts.SourceFile {
  return ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
}

function declarationsOf(statement: ts.Statement): { name: string; value: ts.Expression }[] {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const value = initializer && ts.isAsExpression(initializer)
      ? initializer.expression
      : initializer;
    const isConstant = ts.isIdentifier(name) && /^[A-Z][A-Z0-9_]*$/.test(name.text);
    return isConstant && value && isNumeric(value) ? [{ name: name.text, value }] : [];
  });
}

function isNumeric(value: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.every((each) =>
      ts.isPropertyAssignment(each) && isNumber(each.initializer)
    );
  }
  return ts.isArrayLiteralExpression(value) ? value.elements.every(isNumber) : isNumber(value);
}

/** Whether an expression is worked out from numbers and other constants alone. */
function isNumber(value: ts.Expression): boolean {
  if (ts.isNumericLiteral(value)) return true;
  if (ts.isIdentifier(value)) return /^[A-Z][A-Z0-9_]*$/.test(value.text);
  if (ts.isParenthesizedExpression(value)) return isNumber(value.expression);
  if (ts.isPrefixUnaryExpression(value)) return isNumber(value.operand);
  if (ts.isBinaryExpression(value)) return isNumber(value.left) && isNumber(value.right);
  return ts.isCallExpression(value) && /^Math\.[a-z]+$/.test(value.expression.getText()) &&
    value.arguments.every(isNumber);
}

/** Whether a docstring stands above, and not that of the file. */
function hasDocstring(statement: ts.Statement, source: string): boolean {
  const comments = ts.getLeadingCommentRanges(source, statement.pos) ?? [];
  return comments.map(({ pos, end }) => source.slice(pos, end))
    .some((comment) => comment.startsWith("/**") && !comment.includes("@module"));
}
