/** An event's text taken apart: the envelope with `data` parsed, and `data`'s own text as it will lie in the lake. */
export interface ParsedEvent {
  readonly event: unknown;
  readonly dataText: string;
}

const DATA = ',"data":{';

/**
 * Parses an event once and keeps the text of `data` without printing it again.
 *
 * Cuts the text around `"data":{...}`, parses envelope and `data` apart, and so knows that the cut text is a JSON value
 * of its own. A string must stand before it, the end or a plain member after it, and no array in the envelope: then no
 * cut inside a string or a nested value passes both parses (`split.test.ts` holds it against JSON.parse of the whole).
 * Any text that does not fit is parsed whole and its `data` printed.
 * @throws SyntaxError when the text is not JSON
 */
export function parseEvent(text: string): ParsedEvent {
  return parseApart(text) ?? parseWhole(text);
}

function parseApart(text: string): ParsedEvent | undefined {
  const start = text.indexOf(DATA);
  const end = text.lastIndexOf("}", text.length - 2) + 1;
  if (start === -1 || end <= start || text[text.length - 1] !== "}") return undefined;
  const next = text.charCodeAt(end);
  const plainMember = next === COMMA && text.charCodeAt(end + 1) === QUOTE && isLetter(text.charCodeAt(end + 2));
  if (!plainMember && end !== text.length - 1) return undefined;
  const head = text.slice(0, start);
  if (head.charCodeAt(start - 1) !== QUOTE || head.includes("[")) return undefined;
  const dataText = text.slice(start + DATA.length - 1, end);
  try {
    const event = JSON.parse(head + text.slice(end));
    if ("data" in event) return undefined;
    event.data = JSON.parse(dataText);
    return { event, dataText };
  } catch {
    // Not this shape; the whole text decides whether it is JSON at all.
    return undefined;
  }
}

function parseWhole(text: string): ParsedEvent {
  const event: unknown = JSON.parse(text);
  const data = typeof event === "object" && event !== null && "data" in event ? event.data : undefined;
  return { event, dataText: JSON.stringify(data) ?? "" };
}

const COMMA = 44;
const QUOTE = 34;
const isLetter = (code: number): boolean => code >= 97 && code <= 122;
