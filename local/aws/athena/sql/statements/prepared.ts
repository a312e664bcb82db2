import type { Deallocate, Execute, Explain, Prepare } from "../statement-types.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./tokens.ts";

/** `PREPARE name FROM statement`, after the first word. The statement is looked at when it runs. */
export function prepare(reader: Reader, { session }: Part): Prepare {
  const name = reader.name();
  reader.expect("from");
  for (const word of ["prepare", "execute", "deallocate"])
    if (reader.is(word))
      throw reader.error("NOT_SUPPORTED", `Invalid statement type for prepared statement: ${word.toUpperCase()}`);
  if (reader.atEnd) throw reader.mismatched("a statement");
  return { kind: "PREPARE", name, query: session.source.text.slice(reader.offset, reader.textEnd) };
}

/** `EXECUTE name [USING literal, ...]`, after the first word. */
export function execute(reader: Reader, { session }: Part): Execute {
  if (reader.is("immediate")) throw reader.refuse("EXECUTE IMMEDIATE");
  const name = reader.name();
  const parameters: string[] = [];
  if (reader.take("using"))
    do {
      const start = reader.offset;
      if (!reader.skipTo(",")) reader.skipToEnd();
      parameters.push(session.source.text.slice(start, reader.lastEnd).trim());
    } while (reader.take(","));
  reader.end();
  if (parameters.includes("")) throw reader.mismatched("a literal");
  return { kind: "EXECUTE", name, parameters };
}

/** `DEALLOCATE PREPARE name`, after the first word. */
export function deallocate(reader: Reader): Deallocate {
  reader.expect("prepare");
  const name = reader.name();
  reader.end();
  return { kind: "DEALLOCATE", name };
}

/** `EXPLAIN [ANALYZE] [(FORMAT TEXT | JSON)] statement`, after the first word. */
export function explain(reader: Reader, part: Part): Explain {
  const analyze = reader.take("analyze");
  if (reader.is("verbose")) throw reader.refuse("EXPLAIN ANALYZE VERBOSE", "leave out VERBOSE");
  let format: Explain["format"] = "text";
  if (reader.is("( format") || reader.is("( type"))
    reader.list(() => {
      if (reader.is("type")) throw reader.refuse("EXPLAIN with TYPE");
      reader.expect("format");
      if (reader.take("json")) format = "json";
      else if (!reader.take("text")) throw reader.refuse(`EXPLAIN with FORMAT ${reader.word().toUpperCase()}`);
    });
  const start = reader.offset;
  const statement = part.statement(start, reader.textEnd);
  if (analyze && statement.kind !== "SELECT")
    throw reader.refuse("EXPLAIN ANALYZE of what is no query", "run the statement, and EXPLAIN it before");
  return { kind: "EXPLAIN", format, analyze, statement };
}
