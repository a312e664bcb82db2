import { TrinoServer } from "./server.ts";

/** @throws Error that names the catalogues which the server has not */
export async function demandCatalogs(url: string, needed: readonly string[]): Promise<void> {
  const { rows } = await new TrinoServer(url, "system", "runtime").run("SHOW CATALOGS");
  const missing = needed.filter((name) => !rows.some(([known]) => known === name));
  if (missing.length > 0)
    throw new Error(`The Trino at ${url} has no catalogue ${missing.join(", ")}; --help says what it must have.`);
}

/** The catalogues' files: Hive's shows the Iceberg tables, too, as Athena's catalogue does. */
export function catalogFiles(folder: string): string {
  const local = ["fs.native-local.enabled=true", "local.location=/"];
  const metastore = `hive.metastore.catalog.dir=local://${folder}`;
  const files: readonly (readonly [string, readonly string[]])[] = [
    ["memory", ["connector.name=memory"]],
    ["hive", ["connector.name=hive", "hive.metastore=file", metastore, "hive.iceberg-catalog-name=iceberg", ...local]],
    ["iceberg", ["connector.name=iceberg", "iceberg.catalog.type=TESTING_FILE_METASTORE", metastore, ...local]],
  ];
  return files
    .map(([name, lines]) => [`  ${name}.properties`, ...lines.map((line) => `    ${line}`)].join("\n"))
    .join("\n");
}
