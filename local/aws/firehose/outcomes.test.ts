import fc from "fast-check";
import { expect, test } from "vitest";
import { readOutcomes } from "./outcomes.ts";

const id = (n: number): string => `4960000000000000000000000000000000000000000000000000${String(n).padStart(4, "0")}`;
const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("base64"));
/** Texts that a reader by cuts might trip over. */
const nasty = fc.constantFrom("a", "é", "}", '"', "\\", '},{"recordId":"', '","metadata":', "]}", "{");
const partitionKeys = fc.dictionary(fc.oneof(nasty, fc.string({ maxLength: 4 })), nasty, { maxKeys: 2 });
const result = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ result: fc.constant("Ok"), data: base64, metadata: fc.record({ partitionKeys }) }),
  },
  { weight: 2, arbitrary: fc.record({ result: fc.constantFrom("Dropped", "ProcessingFailed") }) },
  fc.record({ result: fc.constant("Ok"), data: nasty, metadata: fc.anything() }),
  fc.record({ result: fc.constant("Ok"), data: base64 }),
  fc.record({ result: fc.constant("Ok"), data: base64, metadata: fc.record({ partitionKeys }), more: fc.anything() }),
);

test("an answer means the same however its JSON is printed", () => {
  fc.assert(
    fc.property(fc.array(result, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 20 }), (results, odd) => {
      const asked = results.map((_, n) => ({ sequenceNumber: id(n) }));
      const records = results.map((given, n) => ({ recordId: id(n), ...given }));
      // Now and then a record is missing, repeated, or not in its place.
      if (odd === 1) records.pop();
      if (odd === 2) records.push(...records.slice(0, 1));
      if (odd === 3) records.reverse();
      const answer = odd === 4 ? { records, also: 1 } : { records };
      // A space after the first brace, and the reader for ordinary answers leaves it to the general one.
      const [plain, general] = [JSON.stringify(answer), JSON.stringify(answer).replace("{", "{ ")];
      expect(readOutcomes(plain, asked, 2)).toEqual(readOutcomes(general, asked, 2));
    }),
    { numRuns: 500 },
  );
});

test("what is no answer is none", () => {
  for (const text of ["", "null", "[]", '{"records":1}', '{"records":[', '{"records":[]'])
    expect(readOutcomes(text, [{ sequenceNumber: id(0) }], 1)).toBeUndefined();
  expect(readOutcomes('{"records":[]}', [{ sequenceNumber: id(0) }], 3)).toEqual([
    {
      kind: "failed",
      code: "Lambda.MissingRecordId",
      message: "The function returned no record with this record ID.",
      attempts: 3,
    },
  ]);
});
