import { objectIn } from "../../members.ts";
import type { Dispatch } from "../../service.ts";
import type { Partitions } from "./hive-files.ts";

/** All registered partitions of a table, page by page, as glue:GetPartitions gives them. */
export const registeredPartitions =
  (dispatch: Dispatch): Partitions =>
  async ({ database, name }, call) => {
    const found: { values: string[]; location: string }[] = [];
    let token: unknown;
    do {
      const from = { DatabaseName: database, TableName: name, ...(token !== undefined && { NextToken: token }) };
      const page = await dispatch("glue", "GetPartitions", from, call);
      for (const item of Array.isArray(page["Partitions"]) ? page["Partitions"] : []) {
        const partition = objectIn(item);
        const location = objectIn(partition?.["StorageDescriptor"])?.["Location"];
        const values = partition?.["Values"];
        if (typeof location === "string" && Array.isArray(values)) found.push({ values: values.map(String), location });
      }
      token = page["NextToken"];
    } while (token !== undefined);
    return found;
  };
