import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import type { CsvSerde, DelimitedSerde } from "./hive-delimited-line.ts";
import type { JsonSerde } from "./hive-json-line.ts";

/** How the lines of a table's files are read. */
export type LineSerde =
  | ({ readonly kind: "json" } & JsonSerde)
  | ({ readonly kind: "csv" } & CsvSerde)
  | ({ readonly kind: "delimited" } & DelimitedSerde);

/** How a Hive table's files are written. */
export type HiveFormat = { readonly kind: "parquet" } | LineSerde;

/** Properties that change no answer. */
const HARMLESS = new Set(["serialization.format", "line.delim", "paths", "explicit.null"]);
/** Delimiters of what does not stand in a column here: arrays, maps and structs of delimited text are refused. */
const NESTED = ["collection.delim", "colelction.delim", "mapkey.delim"];
/** Hive's own separator and NULL. */
const SEPARATOR = "\u0001";
const NULL_TEXT = "\\N";

/** Reads properties once each, so that what nobody asked for can be refused. */
class Properties {
  readonly #table: CatalogueTable;
  readonly #left: Map<string, string>;

  constructor(table: CatalogueTable) {
    this.#table = table;
    const storage = objectIn(table.input["StorageDescriptor"]);
    const given = objectIn(objectIn(storage?.["SerdeInfo"])?.["Parameters"]) ?? {};
    this.#left = new Map(Object.entries(given).map(([name, value]) => [name, String(value)]));
  }

  text(name: string): string | undefined {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.text(name);
    return value === undefined ? otherwise : value.toLowerCase() === "true";
  }

  /** One ASCII character, or its number where Hive takes numbers. */
  character(name: string, otherwise: string, numbered = false): string {
    const value = this.text(name) ?? otherwise;
    const text = numbered && /^\d{1,3}$/.test(value) ? String.fromCharCode(Number(value)) : value;
    if (text.length === 1 && text < "\u0080") return text;
    throw this.refused(`${name} '${value}', which is not one ASCII character,`);
  }

  /** What begins with the prefix, without it. */
  prefixed(prefix: string): Record<string, string> {
    const found = [...this.#left.keys()].filter((name) => name.startsWith(prefix));
    return Object.fromEntries(found.map((name) => [name.slice(prefix.length), this.text(name) ?? ""]));
  }

  /** @throws AwsError `NotImplementedLocally` for what nobody asked for. */
  end(): void {
    const other = [...this.#left.keys()].find((name) => !HARMLESS.has(name));
    if (other !== undefined) throw this.refused(`the SerDe property ${other}`);
  }

  refused(what: string): NotImplementedLocally {
    return new NotImplementedLocally(`${what} of table ${this.#table.name}`);
  }
}

/** How a Hive table's files are written. @throws AwsError `NotImplementedLocally` for SerDes that are not here. */
export function formatOf(table: CatalogueTable): HiveFormat {
  const { serde = "(none)" } = table;
  if (serde.endsWith("ParquetHiveSerDe")) return { kind: "parquet" };
  const properties = new Properties(table);
  const format = lineSerde(serde, properties);
  if (format === undefined) throw properties.refused(`SerDe ${serde}`);
  properties.end();
  return format;
}

function lineSerde(serde: string, properties: Properties): LineSerde | undefined {
  switch (serde) {
    case "org.openx.data.jsonserde.JsonSerDe":
      return {
        kind: "json",
        openx: true,
        ignoreMalformed: properties.flag("ignore.malformed.json"),
        caseInsensitive: properties.flag("case.insensitive", true),
        dots: properties.flag("dots.in.keys"),
        mapping: properties.prefixed("mapping."),
      };
    case "org.apache.hive.hcatalog.data.JsonSerDe":
    case "org.apache.hadoop.hive.serde2.JsonSerDe":
      return { kind: "json", openx: false, ignoreMalformed: false, caseInsensitive: true, dots: false, mapping: {} };
    case "org.apache.hadoop.hive.serde2.OpenCSVSerde":
      return {
        kind: "csv",
        separator: properties.character("separatorChar", ","),
        quote: properties.character("quoteChar", '"'),
        escapedBy: properties.character("escapeChar", "\\"),
      };
    case "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe":
      return delimited(properties);
    default:
      return undefined;
  }
}

function delimited(properties: Properties): LineSerde {
  for (const name of NESTED) properties.text(name);
  const escapedBy = properties.text("escape.delim");
  if (escapedBy !== undefined && escapedBy.length !== 1) throw properties.refused(`escape.delim '${escapedBy}'`);
  const line = properties.text("line.delim") ?? "\n";
  if (line !== "\n") throw properties.refused("another end of line than \\n");
  return {
    kind: "delimited",
    separator: properties.character("field.delim", properties.text("serialization.format") ?? SEPARATOR, true),
    escapedBy,
    nullText: properties.text("serialization.null.format") ?? NULL_TEXT,
  };
}

/** How rows are written into a table's files. @throws AwsError `NotImplementedLocally` for what is only read here. */
export function writtenFormatOf(table: CatalogueTable): "parquet" | "json" {
  const format = formatOf(table);
  const refused = (why: string) => new NotImplementedLocally(`writing to table ${table.name}, ${why}`);
  if (format.kind === "parquet") return "parquet";
  if (format.kind !== "json") throw refused("whose files are delimited text");
  if (format.dots || Object.keys(format.mapping).length > 0) throw refused("whose columns have other names in JSON");
  if (Number(table.parameters["skip.header.line.count"] ?? 0) !== 0) throw refused("whose files have headers");
  return "json";
}
