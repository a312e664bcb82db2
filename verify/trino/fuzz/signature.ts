import { isKind, type Kind } from "./values.ts";

/**
 * A well-typed form of SQL: what it gives, and its text with a slot for each argument. A slot is `{kind}`, `{kind|kind}`, a
 * pool of literals such as `{#unit}`, or `{T}`, the kind that is bound for the whole form; `T` may be what it gives.
 */
export interface Signature {
  readonly gives: Kind | "T";
  readonly sql: string;
  /** Kinds that `T` stands for. */
  readonly of?: readonly Kind[];
  /** Its doubles depend on the order of the rows, or on the machine's library. */
  readonly near?: true;
}

/** One line for each form: `gives: text`. */
export function signatures(lines: string, of?: readonly Kind[], near?: true): readonly Signature[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => {
      const [, gives = "", sql = ""] = /^\s*(\w+): (.*)$/.exec(line) ?? [];
      if (gives !== "T" && !isKind(gives)) throw new Error(`No kind: ${line}`);
      return { gives, sql, ...(of && { of }), ...(near && { near }) };
    });
}

export const scalars: readonly Kind[] = [
  "boolean",
  "integer",
  "bigint",
  "double",
  "decimal",
  "varchar",
  "date",
  "timestamp",
  "instant",
];
/** Kinds whose values have an order without exceptions. */
export const ordered: readonly Kind[] = ["integer", "bigint", "decimal", "varchar", "date", "timestamp"];

/** What stands in a slot of literals. */
export const pools: Readonly<Record<string, readonly string[]>> = {
  small: ["0", "1", "2", "3", "5", "-1", "-2", "10"],
  count: ["0", "1", "2", "3", "4", "9"],
  positive: ["1", "2", "3", "5"],
  unit: ["'day'", "'week'", "'month'", "'quarter'", "'year'"],
  time_unit: ["'hour'", "'minute'", "'second'", "'millisecond'", "'day'", "'month'", "'year'"],
  field: ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOW", "DOY", "YOW"],
  zone: ["'Europe/London'", "'America/New_York'", "'Asia/Kolkata'", "'UTC'", "'Australia/Lord_Howe'", "'+05:30'"],
  pattern: [
    "'[a-z]+'",
    "'^\\s*\\d+\\s*$'",
    "'(\\w)(\\w)'",
    "','",
    "'.'",
    "'\\bx\\b'",
    "'(?i)hello'",
    "'[^,]*'",
    "'a|b'",
    "'\\p{L}+'",
    "'(a)?(b)?'",
    "'$'",
  ],
  replacement: ["''", "'-'", "'<$0>'", "'$1'", "'$2$1'", "'\\$'"],
  like: ["'%a%'", "'_'", "'a%'", "'%'", "''", "'%\\%'", "'___'", "'%é%'", "'it_s'"],
  separator: ["','", "', '", "' '", "''", "'a'", "'-'", "'é'"],
  mysql: ["'%Y-%m-%d'", "'%Y-%m-%d %H:%i:%s'", "'%d/%m/%y %h:%i %p'", "'%j %W %M'", "'%x-%v'", "'%e %b %a %f'"],
  joda: ["'yyyy-MM-dd'", "'yyyy-MM-dd HH:mm:ss'", "'d MMM yy'", "'EEEE h a'", "'xxxx ww e'", "'HH:mm:ss.SSS'"],
  path: ["'$.a'", "'$.b'", "'$.c[0]'", "'$.d.e'", "'$'", "'$[1]'", "'$[\"a b\"]'", "'$.c'", "'$.missing'"],
  characters: ["'a'", "'abc'", "' '", "'é'", "'%'"],
  text: ["'a'", "'abc'", "''", "'é'", "'Hello, World'", "'🙂'", "' x '"],
  digits: ["0", "1", "2", "3"],
  any_digits: ["0", "1", "2", "-1", "-2"],
  date_text: ["'2011-12-09'", "'2012-2-29'", "'2011-02-29'", "' 2011-12-09 '", "'1-1-1'"],
  number_text: ["'12'", "'-7.5'", "'1e3'", "'+3'", "' 4 '", "'NaN'", "'0x1'", "'1_000'", "''", "'.5'", "'1.'"],
  interval: [
    "INTERVAL '1' DAY",
    "INTERVAL '36' HOUR",
    "INTERVAL '2' MONTH",
    "INTERVAL '1' YEAR",
    "INTERVAL '90' SECOND",
  ],
  days: ["INTERVAL '1' DAY", "INTERVAL '-3' DAY", "INTERVAL '30' DAY", "INTERVAL '1' MONTH", "INTERVAL '1' YEAR"],
  map: ["MAP(ARRAY['a', 'b'], ARRAY[BIGINT '1', BIGINT '2'])", "MAP(ARRAY['é'], ARRAY[CAST(NULL AS bigint)])"],
  pairs: ["'a=1,b=2'", "''", "'a=1,'", "',a=1'", "'a=1,a=2'", "'a'", "'a=1=2'", "'=,é=x'"],
  iso: [
    "'2011-12-09T12:50:00Z'",
    "'2011-12-09T12:50:00.123456Z'",
    "'2011-12-09T12:50'",
    "'2011-12-09T12Z'",
    "'2011-12-09t23:59:59,9z'",
    "'2012-02-29T00:00:00+0000'",
    "'2011-02-29T00:00:00Z'",
    "'2011-12-09T24:00:00Z'",
    "'2011-12-09 12:50:00'",
    "'2011-12-09'",
    "'0001-01-01T00:00:00.5-00:00'",
  ],
  duration: ["'42.8ms'", "'3.81 d'", "' 5m '", "'0.5us'", "'1e3s'", "'5M'", "'90h'", "'1234567.891s'", "'.5s'"],
  size: ["'1B'", "'2.3MB'", "'.5kB'", "'5.kB'", "'1KB'", "'1 kB'", "'7YB'", "'0.0001TB'", "'-1kB'"],
  form: ["NFC", "NFD", "NFKC", "NFKD"],
  bits: ["64", "63", "32", "16", "8", "2"],
  share: ["0.01E0", "0.25", "0.5", "0.975E0", "0.999999E0"],
  base32: ["''", "'ME======'", "'ME'", "'M'", "'MZXW6YTBOI'", "'mzxw6'", "'77777777'", "'A=A'"],
  radix: ["2", "8", "10", "16", "36"],
};
