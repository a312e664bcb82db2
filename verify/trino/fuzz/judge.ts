import { plainType } from "../cells.ts";
import type { Outcome } from "./ours.ts";

/**
 * How the local answer compares with Trino's; `no answer` is an internal error there. `value`, `type` and `answered` (Trino refuses it) are silent differences;
 * `fails` is an error that Trino does not have.
 */
export const verdicts = ["equal", "both refuse", "refused", "no answer", "fails", "answered", "type", "value"] as const;
export type Verdict = (typeof verdicts)[number];

export const isWrong = (verdict: Verdict): boolean =>
  !["equal", "both refuse", "refused", "no answer"].includes(verdict);

/** Relative difference that is taken for none where results depend on the order of rows. */
const NEAR = 1e-9;

const NUMBER = /-?\d+(\.\d+)?(E-?\d+)?/g;

/** Equal but for the last digits of numbers. */
function nearly(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.replace(NUMBER, "#") !== b.replace(NUMBER, "#")) return false;
  const [x = [], y = []] = [a, b].map((text) => (text.match(NUMBER) ?? []).map(Number));
  return x.every((value, at) => {
    const other = y[at] ?? Number.NaN;
    return value === other || Math.abs(value - other) <= NEAR * Math.max(Math.abs(value), Math.abs(other));
  });
}

export function judge(ours: Outcome, theirs: Outcome, near: boolean): Verdict {
  if (ours.kind === "refused") return "refused";
  if (theirs.kind === "broken") return "no answer";
  if (ours.kind === "exhausted") return "fails";
  if (ours.kind !== "rows") return theirs.kind === "failed" ? "both refuse" : "fails";
  if (theirs.kind !== "rows") return "answered";
  if (ours.types.map(plainType).join() !== theirs.types.map(plainType).join()) return "type";
  const same = near ? nearly : (a: string, b: string): boolean => a === b;
  const [a, b] = [ours, theirs].map(({ rows }) => rows.map((row) => row.join("\u0001")));
  const equal =
    a !== undefined && b !== undefined && a.length === b.length && a.every((row, at) => same(row, b[at] ?? ""));
  return equal ? "equal" : "value";
}
