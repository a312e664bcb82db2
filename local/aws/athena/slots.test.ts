import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

const never = new AbortController().signal;

test("the second waits for the first, whoever gives up is passed over, and room is not lost", async () => {
  const slots = new Slots(1);
  const seen: string[] = [];
  expect(await slots.acquire(never)).toBe(true);
  const impatient = new AbortController();
  const second = slots.acquire(impatient.signal).then((entered) => seen.push(`second ${entered}`));
  const third = slots.acquire(never).then((entered) => seen.push(`third ${entered}`));
  impatient.abort();
  await second;
  expect(seen).toEqual(["second false"]);
  slots.release();
  await third;
  expect(seen).toEqual(["second false", "third true"]);
  slots.release();
  expect(await slots.acquire(never)).toBe(true);
  expect(await slots.acquire(AbortSignal.abort())).toBe(false);
});
