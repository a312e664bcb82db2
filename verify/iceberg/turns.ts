import { type Column, type Model, row } from "./model.ts";
import type { Scenario } from "./scenario.ts";
import { insert, type Merge, merge } from "./statements.ts";

function applyMerge(model: Model, { renamed, removed, added }: Merge): void {
  for (const [id, name] of Object.entries(renamed)) model.set(id, { name });
  model.remove(...removed);
  model.put(...added);
}

/** What PyIceberg and Athena do to each other's files. */
export async function writeInTurn(scenario: Scenario): Promise<void> {
  const { athena, pyiceberg } = scenario.engines;
  const { name: table, model } = scenario;
  const added = [row("21"), row("22", { day: "1999-12-31", at: "1999-12-31 00:00:00.000000", flag: "false" })];
  await scenario.do({
    by: "PyIceberg",
    what: "append of 2 rows",
    act: () => pyiceberg.append(table, added),
    change: () => model.put(...added),
  });
  await scenario.do({
    by: "Athena",
    what: "UPDATE of 2 rows, one of them PyIceberg's",
    act: () => athena.run(`UPDATE ${table} SET small = 42, name = 'updated' WHERE id IN (2, 21)`),
    change: () => {
      for (const id of ["2", "21"]) model.set(id, { small: "42", name: "updated" });
    },
  });
  await scenario.do({
    by: "PyIceberg",
    what: "delete of 1 row",
    act: () => pyiceberg.remove(table, "id = 3"),
    change: () => model.remove("3"),
  });
  await scenario.do({
    by: "Athena",
    what: "DELETE of 2 rows",
    act: () => athena.run(`DELETE FROM ${table} WHERE id = 4 OR id = 22`),
    change: () => model.remove("4", "22"),
  });
  const upserted = [row("5", { name: "upserted" }), row("23", { name: "upserted" })];
  await scenario.do({
    by: "PyIceberg",
    what: "upsert of 2 rows, one of them new",
    act: () => pyiceberg.upsert(table, upserted, "id"),
    change: () => model.put(...upserted),
  });
  const merged = {
    renamed: { "6": "merged", "23": "merged" },
    removed: ["7"],
    added: [{ id: "24", name: "merged" }],
  };
  await scenario.do({
    by: "Athena",
    what: "MERGE: 2 updated, 1 deleted, 1 inserted",
    act: () => athena.run(merge(table, merged)),
    change: () => applyMerge(model, merged),
  });
}

/** A column more, then rows of before and after side by side. */
export async function widen(scenario: Scenario): Promise<void> {
  const { athena, pyiceberg } = scenario.engines;
  const { name: table, model } = scenario;
  const note: Column = { name: "note", kind: "string" };
  await scenario.do({
    by: "PyIceberg",
    what: "add column note",
    act: () => pyiceberg.addColumn(table, note),
    change: () => {
      model.columns = [...model.columns, note];
    },
  });
  const noted = row("25", { note: "by PyIceberg" });
  await scenario.do({
    by: "PyIceberg",
    what: "append of 1 row with a note",
    act: () => pyiceberg.append(table, [noted]),
    change: () => model.put(noted),
  });
  const inserted = row("26", { note: "by Athena" });
  await scenario.do({
    by: "Athena",
    what: "INSERT of 1 row with a note",
    act: () => athena.run(insert(table, model.columns, [inserted])),
    change: () => model.put(inserted),
  });
  await scenario.do({
    by: "Athena",
    what: "UPDATE of the note of a row older than the column",
    act: () => athena.run(`UPDATE ${table} SET note = 'late' WHERE id = 5`),
    change: () => model.set("5", { note: "late" }),
  });
  await scenario.do({
    by: "Athena",
    what: "OPTIMIZE",
    act: () => athena.run(`OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`),
  });
  await scenario.do({
    by: "PyIceberg",
    what: "delete of 1 row after OPTIMIZE",
    act: () => pyiceberg.remove(table, "id = 8"),
    change: () => model.remove("8"),
  });
}

/** What Trino does to the others' files, and they to its. */
export async function writeByTrino(scenario: Scenario): Promise<void> {
  const { athena, pyiceberg, trino } = scenario.engines;
  if (trino === undefined) return;
  const { name: table, model } = scenario;
  const step = (what: string, sql: string, change: () => void = () => undefined): Promise<void> =>
    scenario.do({ by: "Trino", what, act: () => trino.run(sql), change });
  const added = [row("31"), row("32", { flag: "false" })];
  await step("INSERT of 2 rows", insert(table, model.columns, added), () => model.put(...added));
  await step("DELETE of 1 row", `DELETE FROM ${table} WHERE id = 9`, () => model.remove("9"));
  await step("UPDATE of 2 rows", `UPDATE ${table} SET name = 'by Trino' WHERE id IN (10, 31)`, () => {
    for (const id of ["10", "31"]) model.set(id, { name: "by Trino" });
  });
  const merged = {
    renamed: { "11": "merged", "32": "merged" },
    removed: ["12"],
    added: [{ id: "33", name: "merged" }],
  };
  await step("MERGE: 2 updated, 1 deleted, 1 inserted", merge(table, merged), () => applyMerge(model, merged));
  await scenario.do({
    by: "Athena",
    what: "DELETE and INSERT on top",
    act: async () => {
      await athena.run(`DELETE FROM ${table} WHERE id IN (1, 33)`);
      await athena.run(insert(table, model.columns, [row("34")]));
    },
    change: () => {
      model.remove("1", "33");
      model.put(row("34"));
    },
  });
  await step("OPTIMIZE", `ALTER TABLE ${table} EXECUTE optimize`);
  const extra: Column = { name: "extra", kind: "long" };
  await step("ADD COLUMN extra", `ALTER TABLE ${table} ADD COLUMN extra bigint`, () => {
    model.columns = [...model.columns, extra];
  });
  const again = { renamed: { "34": "again" }, removed: ["31"], added: [{ id: "35", name: "again" }] };
  await scenario.do({
    by: "Athena",
    what: "MERGE on top",
    act: () => athena.run(merge(table, again)),
    change: () => applyMerge(model, again),
  });
  await scenario.do({
    by: "PyIceberg",
    what: "append of 1 row on top",
    act: () => pyiceberg.append(table, [row("36", { extra: "36" })]),
    change: () => model.put(row("36", { extra: "36" })),
  });
}

/** Forgets the history by each engine that can; the rows must stay. */
export async function vacuum(scenario: Scenario): Promise<void> {
  const { athena, trino } = scenario.engines;
  const { name: table } = scenario;
  await scenario.do({
    by: "Athena",
    what: "VACUUM of all former snapshots",
    act: async () => {
      await athena.run(`ALTER TABLE ${table} SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '1')`);
      await athena.run(`VACUUM ${table}`);
      const { rows } = await athena.run(`SELECT count(*) AS n FROM "${table}$snapshots"`);
      if (rows[0]?.[0] !== "1") throw new Error(`${rows[0]?.[0]} snapshots are left`);
    },
  });
  if (trino !== undefined)
    await scenario.do({
      by: "Trino",
      what: "expire_snapshots and remove_orphan_files",
      act: async () => {
        await trino.run(`ALTER TABLE ${table} EXECUTE expire_snapshots(retention_threshold => '0s')`);
        await trino.run(`ALTER TABLE ${table} EXECUTE remove_orphan_files(retention_threshold => '0s')`);
      },
    });
  scenario.forgetHistory();
}
