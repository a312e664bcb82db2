import { objectIn } from "../../members.ts";
import { AwsError } from "../../service.ts";
import type { AlterDatabase, CreateDatabase, DropDatabase } from "../sql/statement-types.ts";
import { StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

const TASK = "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask.";

/** `CREATE DATABASE`: an entry of the catalogue. */
export async function createDatabase(statement: CreateDatabase, { context, call }: Run): Promise<Result> {
  const { name, ifNotExists, comment, location, properties } = statement;
  const input = {
    Name: name,
    Parameters: properties,
    ...(comment !== undefined && { Description: comment }),
    ...(location !== undefined && { LocationUri: location }),
  };
  try {
    context.ports.catalogue.createDatabase(input, call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "AlreadyExistsException") throw error;
    if (!ifNotExists) throw new StatementError("FAILED", `${TASK} Database ${name} already exists`);
  }
  return NOTHING;
}

/** `ALTER DATABASE ... SET DBPROPERTIES`: the properties that it does not name stay. */
export async function alterDatabase({ name, properties }: AlterDatabase, { context, call }: Run): Promise<Result> {
  try {
    const { Database } = await context.dispatch("glue", "GetDatabase", { Name: name }, call);
    const { Description, LocationUri, Parameters } = objectIn(Database) ?? {};
    const DatabaseInput = {
      Name: name,
      Parameters: { ...objectIn(Parameters), ...properties },
      ...(Description !== undefined && { Description }),
      ...(LocationUri !== undefined && { LocationUri }),
    };
    await context.dispatch("glue", "UpdateDatabase", { Name: name, DatabaseInput }, call);
    return NOTHING;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "EntityNotFoundException") throw error;
    throw new StatementError("FAILED", `SemanticException [Error 10072]: Database does not exist: ${name}`);
  }
}

/** `DROP DATABASE`. CASCADE takes the tables from the catalogue; as in Glue, their files stay. */
export async function dropDatabase({ name, ifExists, cascade }: DropDatabase, run: Run): Promise<Result> {
  const { catalogue } = run.context.ports;
  try {
    const tables = catalogue.tables(name, run.call);
    if (tables.length > 0 && !cascade)
      throw new StatementError(
        "FAILED",
        `${TASK} InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
      );
    catalogue.dropDatabase(name, run.call);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "EntityNotFoundException") throw error;
    if (!ifExists)
      throw new StatementError("FAILED", `SemanticException [Error 10072]: Database does not exist: ${name}`);
  }
  return NOTHING;
}
