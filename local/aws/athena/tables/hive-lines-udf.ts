import { fromHive } from "../sql/hive-type.ts";
import type { RowField } from "../sql/types.ts";
import { TEXT, TEXTS, type Udf } from "../sql/udf/udf.ts";
import { csvLine, delimitedLine } from "./hive-delimited-line.ts";
import { jsonLine } from "./hive-json-line.ts";
import type { LineSerde } from "./hive-serde.ts";

/** How a table's lines become rows. */
export interface Layout {
  readonly serde: LineSerde;
  /** The columns in their order; null for those that nobody asks for, which are not looked at. */
  readonly columns: readonly ({ readonly name: string; readonly hive: string } | null)[];
}

interface Decoder {
  readonly serde: LineSerde;
  readonly columns: readonly (RowField | undefined)[];
}

const decoders = new Map<string, Decoder>();
const MOST_DECODERS = 1000;

function decoderOf(text: string): Decoder {
  const known = decoders.get(text);
  if (known !== undefined) return known;
  if (decoders.size >= MOST_DECODERS) decoders.clear();
  const { serde, columns }: Layout = JSON.parse(text);
  const decoder: Decoder = { serde, columns: columns.map((column) => (column === null ? undefined : fieldOf(column))) };
  decoders.set(text, decoder);
  return decoder;
}

function fieldOf({ name, hive }: { readonly name: string; readonly hive: string }): RowField {
  const type = fromHive(hive, 3);
  if (type === undefined) throw new Error(`Column ${name} has no type: ${hive}`);
  return { name, type };
}

function decoded(line: string, layout: string): readonly (string | null)[] {
  const { serde, columns } = decoderOf(layout);
  switch (serde.kind) {
    case "json":
      return jsonLine(line, columns, serde);
    case "csv":
      return csvLine(line, columns, serde);
    case "delimited":
      return delimitedLine(line, columns, serde);
  }
}

/** What the columns of a line of a table's file hold: `trino_hive_line(line, layout)`. */
export const hiveLine: Udf = {
  name: "trino_hive_line",
  takes: [TEXT, TEXT],
  gives: TEXTS,
  refuses: true,
  call: (line, layout) => decoded(String(line), String(layout)),
};
