import type { Clock } from "../../clock/clock.ts";
import { optionalText, pageOf } from "../members.ts";
import { AwsError, type ServiceContext, type Shape } from "../service.ts";
import type { StoredCatalogue } from "./catalogue.ts";

/** What the catalogue's operations share. */
export interface CatalogueAccess {
  readonly catalogue: StoredCatalogue;
  readonly account: string;
  readonly clock: Clock;
  /** Members of a paged operation, next to its own. */
  readonly paging: readonly string[];
  /** Refuses another account's catalogue. */
  own(input: Shape): void;
  /** One page of a list, in the member of that name. */
  page(input: Shape, items: readonly Shape[], member: string): Shape;
}

/** @param catalogue over which the operations work. */
export function catalogueAccess({ account, clock }: ServiceContext, catalogue: StoredCatalogue): CatalogueAccess {
  return {
    catalogue,
    account,
    clock,
    paging: ["NextToken", "MaxResults", "CatalogId"],
    own(input) {
      const id = optionalText(input, "CatalogId");
      if (id !== undefined && id !== account) throw new AwsError("EntityNotFoundException", `Catalog ${id} not found.`);
    },
    page(input, items, member) {
      const { items: shown, next } = pageOf(items, input["MaxResults"], input["NextToken"], 100);
      return { [member]: shown, ...(next !== undefined && { NextToken: next }) };
    },
  };
}
