/** A statement or clause that is refused by name. */
export interface StatementRefusal {
  readonly what: string;
  readonly instead: string;
  /** One that is refused, over the Hive table `h` (partitioned by `k`) and the Iceberg table `t`, and what its refusal says. */
  readonly example: readonly [sql: string, refusal: string];
}

const file = (clause: string): string => `CREATE EXTERNAL TABLE x (a string) ${clause} LOCATION 's3://bucket/x/'`;
const NOT_THIS = "write Parquet, JSON or delimited text";

/** What the user guide describes and what does not run here. Tested one by one. */
export const statementRefusals: readonly StatementRefusal[] = [
  { what: "STORED AS ORC", instead: NOT_THIS, example: [file("STORED AS ORC"), "STORED AS ORC"] },
  { what: "STORED AS AVRO", instead: NOT_THIS, example: [file("STORED AS AVRO"), "STORED AS AVRO"] },
  {
    what: "the SerDes for regular expressions, Grok, Ion, CloudTrail",
    instead: "a text column, and `regexp_extract` in a view",
    example: [file("ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'"), "RegexSerDe"],
  },
  {
    what: "CLUSTERED BY, bucketed_by",
    instead: "leave it out: buckets change no answer",
    example: [file("CLUSTERED BY (a) INTO 4 BUCKETS STORED AS PARQUET"), "CLUSTERED BY"],
  },
  {
    what: "CREATE TABLE AS and UNLOAD as ORC or AVRO",
    instead: "`format = 'PARQUET'`",
    example: ["UNLOAD (SELECT 1 AS a) TO 's3://bucket/x/' WITH (format = 'ORC')", "UNLOAD as ORC"],
  },
  {
    what: "columns after a view's name",
    instead: "names in its query",
    example: ["CREATE VIEW v (a) AS SELECT 1", "column names of a view"],
  },
  {
    what: "CREATE PROTECTED MULTI DIALECT VIEW, ALTER VIEW",
    instead: "`CREATE OR REPLACE VIEW`",
    example: ["ALTER VIEW v ADD DIALECT AS SELECT 1", "ALTER VIEW"],
  },
  {
    what: "CHANGE COLUMN with FIRST or AFTER",
    instead: "name the columns in the query's order",
    example: ["ALTER TABLE h CHANGE COLUMN id id bigint FIRST", "moving a column"],
  },
  {
    what: "CHANGE COLUMN with COMMENT, of an Iceberg table",
    instead: "the comment when the column is added",
    example: ["ALTER TABLE t CHANGE id id bigint COMMENT 'x'", "COMMENT in CHANGE COLUMN"],
  },
  {
    what: "DROP PARTITION by another comparison than =",
    instead: "one PARTITION (...) each",
    example: ["ALTER TABLE h DROP PARTITION (k < 'a')", "another comparison"],
  },
  {
    what: "DESCRIBE of a column or a partition",
    instead: "`DESCRIBE t`, `SHOW PARTITIONS t`",
    example: ["DESCRIBE h id", "DESCRIBE of a column"],
  },
  {
    what: "EXPLAIN with TYPE, or FORMAT GRAPHVIZ",
    instead: "`EXPLAIN`, `EXPLAIN (FORMAT JSON)`",
    example: ["EXPLAIN (TYPE IO) SELECT 1", "EXPLAIN with TYPE"],
  },
  {
    what: "EXPLAIN ANALYZE of INSERT, CREATE TABLE AS, UNLOAD",
    instead: "`EXPLAIN` of the statement, `EXPLAIN ANALYZE` of its query",
    example: ["EXPLAIN ANALYZE INSERT INTO t SELECT * FROM t", "EXPLAIN ANALYZE of what is no query"],
  },
  {
    what: "EXECUTE IMMEDIATE",
    instead: "`PREPARE` and `EXECUTE`",
    example: ["EXECUTE IMMEDIATE 'SELECT 1'", "EXECUTE IMMEDIATE"],
  },
  {
    what: "USING EXTERNAL FUNCTION",
    instead: "what the function does, in SQL",
    example: ["USING EXTERNAL FUNCTION f(x int) RETURNS int LAMBDA 'l' SELECT f(1)", "not implemented locally"],
  },
];

/** What a Hive table's files may be, by their SerDe, and which columns they may have. */
export const serdeForms: readonly (readonly [serde: string, columns: string])[] = [
  ["`STORED AS PARQUET`", "every type; a column's type in the files is the table's, or a narrower number"],
  [
    "`org.openx.data.jsonserde.JsonSerDe`",
    "every type but `binary`; `ignore.malformed.json`, `case.insensitive`, `dots.in.keys`, `mapping.<column>`",
  ],
  [
    "`org.apache.hive.hcatalog.data.JsonSerDe`, `org.apache.hadoop.hive.serde2.JsonSerDe`",
    "every type but `binary`; a value of another type fails the query",
  ],
  ["`org.apache.hadoop.hive.serde2.OpenCSVSerde`", "`string`; `separatorChar`, `quoteChar`, `escapeChar`"],
  [
    "`ROW FORMAT DELIMITED`, `org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe`",
    "every type but `binary`, arrays, maps and structs; what a column cannot hold is NULL",
  ],
];
