import { goldTables } from "./gold-tables.ts";
import { silverTables } from "./silver-tables.ts";
import type { LakeTable } from "./table.ts";

/** Every Iceberg table of the lake. */
export const tables: readonly LakeTable[] = [...silverTables, ...goldTables];
