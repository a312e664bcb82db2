/** Functions whose value is another one each time, in DuckDB's words. */
const CHANGING = /\b(random|uuid|gen_random_uuid|trino_random_below|trino_random_between|trino_shuffle)\(/;
const MENTIONED = /\b(rand|random|uuid|shuffle)\b/i;

/** What to write where a random value cannot stand. */
export const IN_FRONT = "give it a name in a sub-query first";

/** Whether SQL in DuckDB's words gives another value each time it is worked out. */
export const changes = (sql: string): boolean => CHANGING.test(sql);

/** Whether Athena SQL may say such a function. */
export const mentionsChange = (text: string): boolean => MENTIONED.test(text);
