/**
 * Values of Athena's results, which are texts, as what they stand for. Each gives undefined for a text that it cannot
 * give back to the last digit, so that nothing is lost without a word.
 */

const MICROS_PER_SECOND = 1_000_000n;
const MS_PER_DAY = 86_400_000;

/** A whole number of so many bits. */
export const integerOf =
  (bits: 8 | 16 | 32 | 64) =>
  (text: string): bigint | undefined => {
    if (!/^-?\d+$/.test(text)) return undefined;
    const value = BigInt(text);
    return BigInt.asIntN(bits, value) === value ? value : undefined;
  };

/** A double or a real: `1.0E10`, `NaN`, `-Infinity`. */
export function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || (Number.isNaN(value) && text !== "NaN") ? undefined : value;
}

/** `-12.5` at scale 3 -> -12500n */
export function unscaledOf(text: string, scale: number): bigint | undefined {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (sign === undefined || fraction.length > scale) return undefined;
  const digits = BigInt(whole + fraction.padEnd(scale, "0"));
  return sign === "-" ? -digits : digits;
}

/** Days since 1970-01-01; years beyond 9999 and before 1 have a sign. */
export function dayOf(text: string): number | undefined {
  const [, year, month, day] = /^([+-]?\d{4,})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const days = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day)) / MS_PER_DAY;
  return Number.isNaN(days) ? undefined : days;
}

/** Microseconds since midnight of `12:00:01.123456`. */
export function timeOf(text: string): bigint | undefined {
  const [, hours, minutes, seconds, fraction = ""] = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  if (seconds === undefined || /[1-9]/.test(fraction.slice(6))) return undefined;
  const whole = BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds);
  return whole * MICROS_PER_SECOND + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Microseconds since 1970-01-01 00:00:00 of `2011-12-09 12:50:00.123456`. */
export function microsOf(text: string): bigint | undefined {
  const [date = "", clock = ""] = text.split(" ");
  const days = dayOf(date);
  const time = timeOf(clock);
  if (days === undefined || time === undefined || text.length !== date.length + 1 + clock.length) return undefined;
  return (BigInt(days) * BigInt(MS_PER_DAY) * MICROS_PER_SECOND) / 1000n + time;
}

/** The bytes of a varbinary: `00 ff 10`. */
export function bytesOf(text: string): Uint8Array | undefined {
  if (!/^(?:[\da-f]{2}(?: [\da-f]{2})*)?$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/[\da-f]{2}/gi) ?? [], (byte) => Number.parseInt(byte, 16));
}
