import { readFileSync } from "node:fs";
import { segmentModel, segments } from "../segments/index.ts";

export { tables } from "./catalogue.ts";
export { maintenanceProperties } from "./retention.ts";
export type { Column, LakeTable } from "./table.ts";

/** One statement of the refresh. */
export interface Model {
  readonly name: string;
  readonly layer: "silver" | "gold";
  /** Table that the statement changes. */
  readonly table: string;
  /** Athena SQL that runs as it is; see `parameters.ts` for what the refresh puts in. */
  readonly sql: string;
  /** `publish` statements run only after the audit of the candidates. */
  readonly kind: "build" | "publish";
}

const file = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

const silver = (name: string): Model => {
  const table = name.replaceAll("-", "_");
  return { name, layer: "silver", table, sql: file(`silver/${name}.sql`), kind: "build" };
};

const gold = (name: string): Model => {
  const table = `${name.replaceAll("-", "_")}_next`;
  return { name: `${name}-next`, layer: "gold", table, sql: file(`gold/${name}-next.sql`), kind: "build" };
};

const publish = (name: string): Model => {
  const table = name.replaceAll("-", "_");
  return { name: `publish-${name}`, layer: "gold", table, sql: file(`gold/publish-${name}.sql`), kind: "publish" };
};

/** All statements in the order in which the refresh runs them. */
export const models: readonly Model[] = [
  silver("orders"),
  silver("order-lines"),
  silver("payments"),
  silver("returns"),
  silver("milestones"),
  silver("profile-changes"),
  silver("customers"),
  silver("consents"),
  silver("suppressions"),
  silver("tickets"),
  silver("engagement"),
  gold("customer-360"),
  gold("rfm"),
  ...segments.map(
    (segment): Model => ({
      name: `segment-${segment.name}-next`,
      layer: "gold",
      table: "segment_members_next",
      sql: segmentModel(segment),
      kind: "build",
    }),
  ),
  publish("customer-360"),
  publish("rfm"),
  publish("segment-members"),
];
