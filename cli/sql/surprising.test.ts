import { expect, it } from "vitest";
import { surprises } from "../../local/aws/athena/sql/warnings.ts";
import { maySurprise } from "./surprising.ts";

it.each(Object.values(surprises))("sees that there may be one: $title", ({ example }) => {
  expect(maySurprise(example)).toBe(true);
});

it.each(["SELECT 1", "SELECT * FROM rfm LIMIT 5", "SELECT country, count(*) FROM customer_360 GROUP BY country"])(
  "sees that there is none: %s",
  (sql) => {
    expect(maySurprise(sql)).toBe(false);
  },
);
