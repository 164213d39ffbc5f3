/** Typed expressions over events, rows and visits, as plain data: what the catalogue's metrics count. */
export * from './check.ts';
export { compileExpression, createGenerator, type Generator, makeFunction } from './compile.ts';
export { evaluateExpression, type Subject } from './evaluate.ts';
export { formatExpr } from './format.ts';
export { type Expr, ExpressionSchema, type ExprValue, inlineRow, ownFields } from './model.ts';
export { sqlName, sqlText, toSql } from './sql.ts';
export {
  type ExprType,
  type Fields,
  type FieldType,
  type Scope,
  scopeOfEvents,
  VISIT_SCOPE,
} from './types.ts';
