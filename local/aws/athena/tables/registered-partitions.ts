import { objectIn } from "../../members.ts";
import type { Dispatch } from "../../service.ts";
import type { Partitions, RegisteredPartition } from "./hive-files.ts";

/** The largest page that there is. */
const PAGE = 1000;

/** All registered partitions of a table, page by page, as glue:GetPartitions gives them. */
export const registeredPartitions =
  (dispatch: Dispatch): Partitions =>
  async ({ database, name }, call) => {
    const found: RegisteredPartition[] = [];
    let token: unknown;
    do {
      const asked = { DatabaseName: database, TableName: name, MaxResults: PAGE };
      const from = token === undefined ? asked : { ...asked, NextToken: token };
      const page = await dispatch("glue", "GetPartitions", from, call);
      for (const item of Array.isArray(page["Partitions"]) ? page["Partitions"] : []) {
        const partition = objectIn(item);
        const storage = objectIn(partition?.["StorageDescriptor"]);
        const location = storage?.["Location"];
        const values = partition?.["Values"];
        if (storage !== undefined && typeof location === "string" && Array.isArray(values))
          found.push({ values: values.map(String), location, storage });
      }
      token = page["NextToken"];
    } while (token !== undefined);
    return found;
  };
