/** Writes `<name>value</name>`: objects as elements, arrays as `<member>`s, `Map`s as `<entry>`s, nothing for undefined. */
export function element(name: string, value: unknown, attributes = ""): string {
  return value === undefined || value === null ? "" : `<${name}${attributes}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (value instanceof Map) {
    return [...value].map(([key, item]) => `<entry>${element("key", key)}${element("value", item)}</entry>`).join("");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, item]) => element(key, item))
      .join("");
  }
  return escapeXml(String(value));
}

/** Text for the inside of an element. A lone `\r` would be read as `\n`. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};
