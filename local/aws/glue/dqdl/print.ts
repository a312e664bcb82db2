import type { AtomicRule, Condition, DateOperand, Duration, Rule } from "./ast.ts";

/** A rule as text, in one form whatever way it was written. */
export function printRule(rule: Rule): string {
  if (rule.kind === "composite")
    return rule.parts.map((part) => `(${printRule(part)})`).join(` ${rule.operator.toUpperCase()} `);
  return printAtomic(rule);
}

function printAtomic({ type, parameters, condition, where, threshold }: AtomicRule): string {
  return [
    type,
    ...parameters.map(quoted),
    ...(condition === undefined ? [] : [printCondition(condition)]),
    ...(where === undefined ? [] : [`where ${quoted(where)}`]),
    ...(threshold === undefined ? [] : [`with threshold ${printCondition(threshold)}`]),
  ].join(" ");
}

function printCondition(condition: Condition): string {
  const operands = operandTexts(condition);
  switch (condition.operator) {
    case "between":
    case "not between":
      return `${condition.operator} ${operands.join(" and ")}`;
    case "in":
    case "not in":
      return `${condition.operator} [${operands.join(",")}]`;
    default:
      return `${condition.operator} ${operands.join(" ")}`;
  }
}

function operandTexts(condition: Condition): string[] {
  switch (condition.kind) {
    case "number":
      return condition.operands.map((operand) => (operand === null ? "NULL" : String(operand)));
    case "string":
      return condition.operands.map((operand) => (typeof operand === "string" ? quoted(operand) : operand.keyword));
    case "date":
      return condition.operands.map(printDate);
    case "duration":
      return condition.operands.map(printDuration);
  }
}

function printDate(operand: DateOperand): string {
  if (operand.kind === "null") return "NULL";
  if (operand.kind === "day") return quoted(operand.day);
  const { amount } = operand.offset;
  if (amount === 0) return "now()";
  return `(now() ${amount < 0 ? "-" : "+"} ${printDuration({ ...operand.offset, amount: Math.abs(amount) })})`;
}

const printDuration = ({ amount, unit }: Duration): string => `${amount} ${unit}`;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
