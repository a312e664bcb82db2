import { BIGINT, type TrinoType } from "../sql/types.ts";
import { refuse } from "../sql/udf/udf.ts";
import type { JsonValue } from "./hive-json-reader.ts";
import {
  cutNumber,
  day,
  decimalText,
  integer,
  MILLISECOND,
  moment,
  nanosOf,
  secondsOf,
  time,
  UNREADABLE,
  type ValueText,
} from "./hive-text-values.ts";

const HEX = /^0[xX]([0-9a-fA-F]+)$/;
const OCTAL = /^0([0-7]+)$/;

/** A whole number as the OpenX SerDe reads it: decimal, hexadecimal, or octal after a zero. */
function whole(text: string): bigint | undefined {
  const hex = HEX.exec(text)?.[1];
  if (hex !== undefined) return BigInt(`0x${hex}`);
  const octal = OCTAL.exec(text)?.[1];
  if (octal !== undefined) return BigInt(`0o${octal}`);
  if (!/^[+-]?\d+$/.test(text) || /^0[0-8]/.test(text)) return undefined;
  return BigInt(text.replace("+", ""));
}

export function openxNumber(text: string, type: TrinoType): ValueText {
  const value = whole(text);
  return value === undefined ? cutNumber(text, type) : integer(value, type);
}

/** A value as text: numbers and words in their plain forms, arrays and objects as JSON. */
export function openxText(value: NonNullable<JsonValue>): string {
  if ("text" in value) return value.quoted ? value.text : (plain(value.text) ?? value.text);
  return json(value);
}

function plain(text: string): string | undefined {
  const word = text.toLowerCase();
  if (word === "true" || word === "false") return word;
  const value = whole(text);
  if (value !== undefined && integer(value, BIGINT) !== UNREADABLE) return String(value);
  return decimalText(text);
}

function json(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${quoted(key)}:${json(item)}`).join(",")}}`;
  if (!("text" in value)) return "null";
  return (value.quoted ? undefined : plain(value.text)) ?? quoted(value.text);
}

const quoted = (text: string): string => JSON.stringify(text).replaceAll("</", "<\\/");

/** A date, or days since 1970. */
export function openxDay(text: string): ValueText {
  const date = day(text);
  if (date !== UNREADABLE) return date;
  if (/^\s*\d+-\d+-\d+/.test(text)) return refuse(`the date '${text}' in a JSON file`);
  const days = whole(text);
  return days === undefined ? UNREADABLE : moment(Number(days) * 86_400, 0n).slice(0, 10);
}

const ZONED =
  /^(\d{1,4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,9}))?)?(?:[zZ]|([+-])(\d\d):?(\d\d))$/;
const SECONDS = /^[+-]?\d+$/;
/** From this many characters on a whole number counts milliseconds. */
const MILLIS_LENGTH = 13;

/** A time, with an offset or without, in seconds or milliseconds since 1970. */
export function openxTime(text: string): ValueText {
  if (text.indexOf(":") > 0) {
    const parts = ZONED.exec(text);
    if (parts === null) return time(text);
    const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * 60 * (parts[8] === "-" ? -1 : 1);
    return moment(secondsOf(parts.slice(1, 7)) - offset, nanosOf(parts[7]));
  }
  if (SECONDS.test(text)) return text.length >= MILLIS_LENGTH ? millis(BigInt(text)) : millis(BigInt(text) * 1000n);
  const cut = /^([+-]?\d+)\.(\d*)$/.exec(text);
  if (cut === null)
    return /^[-+.\d]*\d[-+.\d]*$/.test(text) && /\./.test(text)
      ? refuse(`the time '${text}' in a JSON file`)
      : UNREADABLE;
  const [, seconds = "", fraction = ""] = cut;
  const part = BigInt(fraction.padEnd(3, "0").slice(0, 3));
  return millis(BigInt(seconds) * 1000n + (text.startsWith("-") ? -part : part));
}

function millis(value: bigint): string {
  const inSecond = ((value % 1000n) + 1000n) % 1000n;
  return moment(Number((value - inSecond) / 1000n), inSecond * MILLISECOND);
}
