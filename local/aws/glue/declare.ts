import { parseMetadata } from "../../iceberg/format/json.ts";
import type { FileIo } from "../../iceberg/table/environment.ts";
import type { StoredCatalogue } from "./catalogue.ts";
import type { DeclaredTable } from "./declared-tables.ts";
import { drift, icebergCreation } from "./iceberg-creation.ts";
import { makeIcebergTable } from "./iceberg-maker.ts";
import { textMap } from "./table-input.ts";

/**
 * Brings the catalogue in line with the graph: makes the tables that are not there, and replaces the entries of Hive
 * tables whose declaration has changed.
 * @throws Error naming every Iceberg table that is declared other than it is, and what to do.
 */
export async function declareTables(
  catalogue: StoredCatalogue,
  tables: readonly DeclaredTable[],
  io: FileIo,
  now: number,
): Promise<void> {
  const problems: string[] = [];
  for (const table of tables) {
    const there = catalogue.store.get(table.database, table.name);
    if (there?.declared === table.text) continue;
    if (table.openTableFormat === undefined) {
      catalogue.declare(table.database, table.tableInput, table.text);
      continue;
    }
    const creation = icebergCreation(table.openTableFormat, table.tableInput);
    if (there === undefined) {
      const input = await makeIcebergTable(io, creation, table.tableInput, now);
      catalogue.declare(table.database, input, table.text);
      continue;
    }
    const location = textMap(there.input["Parameters"])["metadata_location"];
    const qualified = `${table.database}.${table.name}`;
    if (location === undefined) {
      problems.push(`${qualified} is declared as an Iceberg table but was made as another one: drop it first`);
      continue;
    }
    const metadata = parseMetadata(io.read(location).toString("utf8"));
    const drifted = drift(creation, metadata, qualified);
    if (drifted.length === 0) catalogue.declare(table.database, there.input, table.text);
    else problems.push(`${qualified}: ${drifted.join("; ")}`);
  }
  if (problems.length > 0)
    throw new Error(
      `Iceberg tables are declared other than they are. AWS writes an Iceberg table's metadata only when it makes the table; afterwards Athena changes it. Run the statements under the former declaration, then declare again:\n${problems.join("\n")}`,
    );
}
