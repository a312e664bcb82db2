import { AwsError } from "../service.ts";
import { invalidRequest } from "./invalid-request.ts";
import { SavedMap } from "./saved-map.ts";
import { statementKind } from "./statement-kind.ts";

/** A statement kept in a workgroup under a name, with `?` for its parameters. */
export interface PreparedStatement {
  readonly name: string;
  readonly workgroup: string;
  readonly sql: string;
  readonly description?: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** User guide, "Use prepared statements". */
const MOST = 1000;
const NAME = /^[A-Za-z_][A-Za-z0-9_@:]{0,255}$/;
const PREPARABLE = new Set(["SELECT", "INSERT", "CREATE_TABLE_AS_SELECT", "UNLOAD"]);

/** EXECUTE knows no case. */
const keyOf = (workgroup: string, name: string): string => `${workgroup} ${name.toLowerCase()}`;

/** Prepared statements, kept over restarts. */
export class PreparedStatements {
  readonly #saved: SavedMap<PreparedStatement>;

  constructor(file: string) {
    this.#saved = new SavedMap(file, ({ name, workgroup, sql, description, modified }) =>
      typeof name === "string" &&
      typeof workgroup === "string" &&
      typeof sql === "string" &&
      typeof modified === "number"
        ? { name, workgroup, sql, modified, ...(typeof description === "string" && { description }) }
        : undefined,
    );
  }

  find(workgroup: string, name: string): PreparedStatement | undefined {
    return this.#saved.get(keyOf(workgroup, name));
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(workgroup: string, name: string): PreparedStatement {
    const found = this.find(workgroup, name);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", missing(workgroup, name), 400, { ResourceName: name });
  }

  /** By their names. */
  of(workgroup: string): readonly PreparedStatement[] {
    const own = this.#saved.values().filter((statement) => statement.workgroup === workgroup);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AwsError `InvalidRequestException` for a name that is taken or no name, and for statements of other kinds. */
  create(statement: PreparedStatement): void {
    const { workgroup, name } = statement;
    if (!NAME.test(name)) throw invalidRequest(`The name of a prepared statement matches ${NAME.source}: ${name}`);
    if (this.find(workgroup, name) !== undefined)
      throw invalidRequest(`PreparedStatement ${name} already exists in workGroup ${workgroup}`);
    if (this.of(workgroup).length >= MOST)
      throw invalidRequest(`WorkGroup ${workgroup} has ${MOST} prepared statements, the most there may be`);
    this.#keep(statement);
  }

  /** @throws AwsError as {@link get} and {@link create} do. */
  update(statement: PreparedStatement): void {
    const former = this.get(statement.workgroup, statement.name);
    this.#keep({ ...former, ...statement });
  }

  /** @throws AwsError `ResourceNotFoundException` */
  delete(workgroup: string, name: string): void {
    this.get(workgroup, name);
    this.#saved.delete(keyOf(workgroup, name));
  }

  #keep(statement: PreparedStatement): void {
    const { substatement } = statementKind(statement.sql);
    if (!PREPARABLE.has(substatement))
      throw invalidRequest("Only SELECT, INSERT INTO, CREATE TABLE AS and UNLOAD can be prepared");
    this.#saved.set(keyOf(statement.workgroup, statement.name), statement);
  }
}

/** What Athena says of a prepared statement that is not there. */
export const missing = (workgroup: string, name: string): string =>
  `PreparedStatement ${name} was not found in workGroup ${workgroup}`;
