import { Presets, SingleBar } from "cli-progress";

/** `1234567.8` -> `1,234,567.8` */
export function grouped(value: number | bigint): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 3 });
}

/** `1536` -> `1.5 KiB` */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let rest = value;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `85 ms`, `1.5 s` */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds);

/** `1 row`, `12,345 rows` */
export const counted = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;

/** A table for reading: columns as wide as their widest cell, numbers to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)));
  const numeric = header.map((_, at) => rows.length > 0 && rows.every((row) => /^-?[\d,.]*$/.test(row[at] ?? "")));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** Where a long step says how far it is. */
export interface Progress {
  /** Starts a step of `total` units; 0 when the total is not known. */
  start(title: string, total: number): void;
  /** Units done so far. */
  reached(units: number): void;
  /** Ends the step with what came of it. */
  done(result: string): void;
}

/** Bars on a terminal; one line a step elsewhere. Always on stderr: stdout is for results. */
export function progress(quiet: boolean): Progress {
  if (quiet) return { start: () => undefined, reached: () => undefined, done: () => undefined };
  return process.stderr.isTTY ? bars() : lines();
}

const TITLE_WIDTH = 30;

function bars(): Progress {
  let showing: { reached(units: number): void; stop(): void } | undefined;
  let title = "";
  return {
    start(name, total) {
      title = name.padEnd(TITLE_WIDTH);
      showing = total > 0 ? bar(title, total) : ticker(title);
    },
    reached: (units) => showing?.reached(units),
    done(result) {
      showing?.stop();
      showing = undefined;
      process.stderr.write(`${title} ${result}\n`);
    },
  };
}

function bar(title: string, total: number): { reached(units: number): void; stop(): void } {
  const drawn = new SingleBar(
    { format: `${title} {bar} {percentage}% | {duration_formatted}`, hideCursor: true, clearOnComplete: true },
    Presets.shades_grey,
  );
  drawn.start(total, 0);
  return { reached: (units) => drawn.update(Math.min(units, total)), stop: () => drawn.stop() };
}

/** For steps whose length nobody knows: that it goes on, and how long already. */
function ticker(title: string): { reached(units: number): void; stop(): void } {
  const started = performance.now();
  const draw = (): void => {
    process.stderr.write(`\r${title} ${seconds(performance.now() - started)}`);
  };
  draw();
  const timer = setInterval(draw, 250);
  return {
    reached: () => undefined,
    stop() {
      clearInterval(timer);
      process.stderr.write("\r\x1b[K");
    },
  };
}

function lines(): Progress {
  let title = "";
  return {
    start(name) {
      title = name.padEnd(TITLE_WIDTH);
    },
    reached: () => undefined,
    done(result) {
      process.stderr.write(`${title} ${result}\n`);
    },
  };
}
