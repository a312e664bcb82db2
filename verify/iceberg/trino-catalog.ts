import type { ClientConfig } from "../../cli/session.ts";
import { TrinoRefusal, TrinoServer } from "../trino/server.ts";
import { Trino } from "./trino.ts";

/** The name under which the verification makes its catalogue where the server allows that. */
const OWN_CATALOG = "c360_verify";

/** Properties of a Trino catalogue over the local Glue and S3. */
export function catalogProperties({ endpoint = "", region, credentials }: ClientConfig): Record<string, string> {
  const { accessKeyId = "", secretAccessKey = "" } = credentials ?? {};
  return {
    "iceberg.catalog.type": "glue",
    "hive.metastore.glue.endpoint-url": endpoint,
    "hive.metastore.glue.region": region,
    "hive.metastore.glue.aws-access-key": accessKeyId,
    "hive.metastore.glue.aws-secret-key": secretAccessKey,
    "fs.native-s3.enabled": "true",
    "s3.endpoint": endpoint,
    "s3.path-style-access": "true",
    "s3.region": region,
    "s3.aws-access-key": accessKeyId,
    "s3.aws-secret-key": secretAccessKey,
    // The verification forgets history that is seconds old.
    "iceberg.expire-snapshots.min-retention": "0s",
    "iceberg.remove-orphan-files.min-retention": "0s",
  };
}

/** The same as a file of a server's `etc/catalog`. */
export const catalogFile = (config: ClientConfig): string =>
  [["connector.name", "iceberg"], ...Object.entries(catalogProperties(config))]
    .map((pair) => pair.join("="))
    .join("\n");

/**
 * Trino over a catalogue of that name, or over one that is made now.
 * @throws Error with the catalogue's file when the server has none and makes none
 */
export async function openTrino(
  url: string,
  catalog: string | undefined,
  config: ClientConfig,
  database: string,
): Promise<Trino> {
  if (catalog !== undefined) return new Trino(new TrinoServer(url, catalog, database));
  const server = new TrinoServer(url, "system", "runtime");
  const properties = Object.entries(catalogProperties(config)).map(([key, value]) => `"${key}" = '${value}'`);
  try {
    await server.run(`DROP CATALOG IF EXISTS ${OWN_CATALOG}`);
    await server.run(`CREATE CATALOG ${OWN_CATALOG} USING iceberg WITH (${properties.join(", ")})`);
  } catch (error) {
    if (!(error instanceof TrinoRefusal)) throw error;
    throw new Error(
      `${error.message}\nThe Trino at ${url} makes no catalogue (catalog.management=dynamic). Give it this one, start it again, and name it in TRINO_CATALOG; --home and --port keep keys and address the same:\n\n${catalogFile(config)}`,
    );
  }
  return new Trino(new TrinoServer(url, OWN_CATALOG, database));
}
