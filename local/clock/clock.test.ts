import fc from "fast-check";
import { expect, test } from "vitest";
import { createRealClock } from "./real-clock.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("timers fire in order of time, then of creation, and see their own time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), async (times) => {
      const clock = createVirtualClock(-1);
      const fired: [number, number, number][] = [];
      for (const [index, at] of times.entries()) clock.at(at, () => void fired.push([at, index, clock.now()]));
      await clock.advanceTo(50);
      const expected = times
        .map((at, index): [number, number, number] => [at, index, at])
        .sort(([a, i], [b, j]) => a - b || i - j);
      expect(fired).toEqual(expected);
      expect(clock.now()).toBe(50);
      expect(clock.next()).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test("whatever timers set, cancel and await, the clock never moves while work is in flight", async () => {
  const step = fc.record({
    at: fc.integer({ min: 0, max: 20 }),
    turns: fc.integer({ min: 0, max: 3 }),
    wait: fc.integer({ min: 0, max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const clock = createVirtualClock(-1);
      let last = -1;
      const work = async (turns: number): Promise<void> => {
        const began = clock.now();
        expect(began).toBeGreaterThanOrEqual(last);
        last = began;
        for (let left = turns; left > 0; left--) await turn();
        expect(clock.now()).toBe(began);
      };
      let nested = 0;
      for (const { at, turns, wait } of steps) {
        clock.at(at, async () => {
          await work(turns);
          clock.at(clock.now() + wait, () => {
            nested += 1;
            return clock.work(() => work(turns));
          });
        });
      }
      await clock.advanceTo(30);
      expect(nested).toBe(steps.length);
    }),
    { numRuns: 40 },
  );
});

test("a timer set while advancing fires in the same advance, one beyond the target waits", async () => {
  const clock = createVirtualClock(0);
  const fired: string[] = [];
  clock.at(10, () => {
    fired.push("a");
    clock.at(15, () => void fired.push("b"));
    clock.at(21, () => void fired.push("c"));
  });
  await clock.advanceTo(20);
  expect(fired).toEqual(["a", "b"]);
  expect(clock.next()).toBe(21);
});

test("a cancelled timer does not fire", async () => {
  const clock = createVirtualClock(0);
  let fired = 0;
  const timer = clock.at(5, () => void fired++);
  clock.at(6, () => void fired++);
  timer.cancel();
  expect(clock.next()).toBe(6);
  await clock.advanceTo(10);
  expect(fired).toBe(1);
});

test("work begun outside holds the clock, and a sleeper goes on at its time", async () => {
  const clock = createVirtualClock(0);
  const events: string[] = [];
  const outside = Promise.withResolvers<void>();
  void clock.work(() => outside.promise);
  void clock.sleep(5).then(() => events.push(`woke at ${clock.now()}`));
  const advance = clock.advanceTo(10).then(() => events.push("advanced"));
  await turn();
  await turn();
  expect(events).toEqual([]);
  expect(clock.now()).toBe(0);
  outside.resolve();
  await advance;
  expect(events).toEqual(["woke at 5", "advanced"]);
});

test("a timer that is due fires without an advance, and counts until it has", async () => {
  const clock = createVirtualClock(100);
  let fired = 0;
  clock.at(100, async () => {
    await turn();
    fired += 1;
  });
  await clock.settled();
  expect([fired, clock.now()]).toEqual([1, 100]);
});

test("a timer's error fails the advance, not the clock", async () => {
  const clock = createVirtualClock(0);
  clock.at(1, () => {
    throw new Error("broken");
  });
  await expect(clock.advanceTo(5)).rejects.toThrow("broken");
  await clock.advanceTo(5);
  expect(clock.now()).toBe(5);
  await expect(clock.advanceTo(4)).rejects.toThrow("does not go back to 1970-01-01T00:00:00.004Z");
});

test("two advances take turns", async () => {
  const clock = createVirtualClock(0);
  await Promise.all([clock.advanceTo(10), clock.advanceTo(20)]);
  expect(clock.now()).toBe(20);
});

test("the real clock runs on from any instant", async () => {
  const clock = createRealClock(Date.parse("2011-12-10T00:00:00Z"));
  let fired = false;
  clock.at(clock.now() + 5, async () => {
    await turn();
    fired = true;
  });
  const cancelled = clock.at(clock.now() + 1, () => expect.fail("was cancelled"));
  cancelled.cancel();
  await clock.sleep(30);
  await clock.settled();
  expect(fired).toBe(true);
  expect(new Date(clock.now()).toISOString().slice(0, 16)).toBe("2011-12-10T00:00");
});
