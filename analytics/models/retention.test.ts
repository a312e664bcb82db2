import { describe, expect, test } from "vitest";
import { tables } from "./catalogue.ts";
import { candidateHistory, maintenanceProperties, publishedHistory } from "./retention.ts";

describe("history of the tables", () => {
  test("in the words of Athena and of Iceberg", () => {
    expect(maintenanceProperties({ days: 7, snapshots: 2 })).toEqual({
      vacuum_max_snapshot_age_seconds: "604800",
      vacuum_min_snapshots_to_keep: "2",
      vacuum_max_metadata_files_to_keep: "100",
      optimize_rewrite_data_file_threshold: "1",
      optimize_rewrite_delete_file_threshold: "1",
      "history.expire.max-snapshot-age-ms": "604800000",
      "history.expire.min-snapshots-to-keep": "2",
    });
  });

  test.each([
    [{ days: 0, snapshots: 1 }, "A table's history is whole days, not 0."],
    [{ days: 1.5, snapshots: 1 }, "A table's history is whole days, not 1.5."],
    [{ days: 1, snapshots: 0 }, "A table keeps at least its newest snapshot, not 0."],
  ])("%o is refused", (history, message) => {
    expect(() => maintenanceProperties(history)).toThrow(message);
  });

  test("candidates keep a day, all others a week", () => {
    for (const { name, history } of tables)
      expect(history, name).toEqual(name.endsWith("_next") ? candidateHistory : publishedHistory);
  });
});
