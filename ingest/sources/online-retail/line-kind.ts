import type { LineKind } from "../../contracts/index.ts";

export type { LineKind };

/** Codes of the source that are no product. Vouchers are `gift_0001_<value>`. */
const SERVICE_CODES: ReadonlyMap<string, LineKind> = new Map<string, LineKind>([
  ["POST", "postage"],
  ["DOT", "postage"],
  ["C2", "carriage"],
  ["D", "discount"],
  ["M", "manual"],
  ["m", "manual"],
  ["S", "sample"],
  ["BANK CHARGES", "bank-charge"],
  ["AMAZONFEE", "fee"],
  ["B", "bad-debt"],
  ["CRUK", "commission"],
]);

/**
 * What a line is for, by its stock code. A product's code begins with five digits; a few goods (`PADS`, `DCGS...`) have
 * other codes and count as `other`, so that figures over products keep the definition of the source's literature.
 */
export function lineKind(sku: string): LineKind {
  if (/^\d{5}/.test(sku)) return "product";
  return SERVICE_CODES.get(sku) ?? (sku.startsWith("gift_") ? "voucher" : "other");
}
