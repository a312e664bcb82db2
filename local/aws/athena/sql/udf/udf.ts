import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBListValue,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  STRUCT,
  structValue,
  VARCHAR,
} from "@duckdb/node-api";

/** What functions here take and give; none of them sees or gives NULL unless it says so. */
export type Plain = string | number | bigint | boolean | Uint8Array | readonly Plain[] | null;

/** A function that SQL does not reach, in JavaScript. It runs on the main thread: only for what is rare. */
export interface Udf {
  readonly name: string;
  readonly takes: readonly DuckDBType[];
  readonly gives: DuckDBType;
  /** It may refuse what the local engine does not have, which TRY must not take for one of Trino's errors. */
  readonly refuses: boolean;
  readonly call: (...args: readonly Plain[]) => Plain;
}

export const TEXT = VARCHAR;
export const TEXTS = LIST(VARCHAR);
export const TEXT_LISTS = LIST(LIST(VARCHAR));
export const FLAG = BOOLEAN;
export const LONG = BIGINT;
export const NUMBER = DOUBLE;
export const BYTES = BLOB;

/** An error that a real Trino gives too; TRY takes it for NULL. */
export class TrinoFailure extends Error {}

/** What a real Trino answers and we do not. */
class Refusal extends Error {}

/** @throws always: what a real Trino answers and we do not. */
export function refuse(what: string): never {
  throw new Refusal(`NOT_IMPLEMENTED_LOCALLY: ${what}`);
}

/** @throws always, as a real Trino does. */
export function fail(code: string, message: string): never {
  throw new TrinoFailure(`${code}: ${message}`);
}

/** A function of texts. */
export const ofTexts = (
  name: string,
  count: number,
  gives: DuckDBType,
  call: (...texts: readonly string[]) => Plain,
  refuses = false,
): Udf => ({
  name,
  takes: Array.from({ length: count }, () => TEXT),
  gives,
  refuses,
  call: (...args) => call(...args.map(String)),
});

function toPlain(value: DuckDBValue): Plain {
  if (value instanceof DuckDBBlobValue) return value.bytes;
  if (value instanceof DuckDBListValue) return value.items.map(toPlain);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return value;
  throw new Error("a value of a kind that no function here takes");
}

function toDuck(value: Plain): DuckDBValue {
  if (value instanceof Uint8Array) return blobValue(value);
  if (typeof value === "object" && value !== null) return listValue(value.map(toDuck));
  return value;
}

/**
 * The same function, with what it refuses as a part of its answer: `name_answer` gives the value, or why there is none.
 */
function answering({ name, takes, gives, call }: Udf): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name: `${name}_answer`,
    parameterTypes: takes,
    returnType: STRUCT({ value: gives, why: VARCHAR }),
    mainFunction: (_info, chunk, output) => {
      const columns = takes.map((_, i) => chunk.getColumnVector(i));
      for (let row = 0; row < chunk.rowCount; row++) {
        const args = columns.map((column) => toPlain(column.getItem(row)));
        output.setItem(row, args.includes(null) ? null : answer(() => call(...args)));
      }
      output.flush();
    },
  });
}

function answer(call: () => Plain): DuckDBValue {
  try {
    return structValue({ value: toDuck(call()), why: null });
  } catch (error) {
    if (error instanceof Refusal) return structValue({ value: null, why: error.message });
    throw error;
  }
}

/** Registers functions; a database keeps them for all its connections. */
export function register(connection: DuckDBConnection, functions: readonly Udf[]): void {
  for (const udf of functions.filter(({ refuses }) => refuses)) connection.registerScalarFunction(answering(udf));
  for (const { name, takes, gives, refuses, call } of functions) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: takes,
        returnType: gives,
        volatile: refuses,
        mainFunction: (_info, chunk, output) => {
          const columns = takes.map((_, i) => chunk.getColumnVector(i));
          for (let row = 0; row < chunk.rowCount; row++) {
            const args = columns.map((column) => toPlain(column.getItem(row)));
            output.setItem(row, args.includes(null) ? null : toDuck(call(...args)));
          }
          output.flush();
        },
      }),
    );
  }
}

/** Fails the query with Trino's own error: unlike DuckDB's `error`, TRY may take it for NULL. */
export const raise: Udf = ofTexts("trino_raise", 1, LONG, (message) => {
  throw new TrinoFailure(message);
});
