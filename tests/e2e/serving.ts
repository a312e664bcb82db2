import { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { type Running, start } from "./command.ts";

/** A `c360 up` of its own process, as its clients see it. */
export interface Serving {
  readonly process: Running;
  /** A client of its own under a role of the graph, which tries every call once; gives what runs a statement. */
  athena(role: string): (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
}

interface Announcement {
  readonly endpoint: string;
  readonly roles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Serves a home on a free port, and waits until it answers. */
export async function serve(home: string): Promise<Serving> {
  const process = start(["--home", home, "--json", "up", "--port", "0"]);
  const [text] = await process.says(/^\{[\s\S]*\n\}\n$/m);
  const { endpoint, roles }: Announcement = JSON.parse(text);
  return {
    process,
    athena(role) {
      const [, keys = {}] = Object.entries(roles).find(([arn]) => arn.endsWith(`role/c360-dev-${role}`)) ?? [];
      const client = new AthenaClient({
        endpoint,
        region: String(keys["AWS_REGION"]),
        credentials: {
          accessKeyId: String(keys["AWS_ACCESS_KEY_ID"]),
          secretAccessKey: String(keys["AWS_SECRET_ACCESS_KEY"]),
        },
        maxAttempts: 1,
      });
      return async (sql) => (await runRows(client, { sql, database: "c360_dev", workgroup: "c360-dev" })).rows;
    },
  };
}
