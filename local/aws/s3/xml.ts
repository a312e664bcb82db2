import { XMLParser } from "fast-xml-parser";
import { AwsError, type Shape } from "../service.ts";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  isArray: (_name, path) => path === "Delete.Object" || path === "CompleteMultipartUpload.Part",
});

/** The content of a request's root element. */
export function parseXml(body: Buffer, root: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = parser.parse(body.toString("utf8"), true);
    if (typeof parsed === "object" && parsed !== null && root in parsed) {
      const content: unknown = Reflect.get(parsed, root);
      if (typeof content === "object" && content !== null) return { ...content };
    }
  } catch {
    // Said below: malformed is malformed.
  }
  throw new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    400,
  );
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};
const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\r]/g, (character) => entities[character] ?? character);

/** Lists are flattened: one element of the member's singular name per item. */
function element(name: string, value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((item: unknown) => element(name, item)).join("");
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === "object" && value !== null) {
    return `<${name}>${Object.entries(value)
      .map(([key, item]: [string, unknown]) => element(key, item))
      .join("")}</${name}>`;
  }
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An answer: the root element in S3's namespace with one element per member. */
export function toXml(root: string, content: Shape): string {
  const inner = Object.entries(content)
    .map(([key, item]) => element(key, item))
    .join("");
  return `${declaration}<${root} xmlns="${namespace}">${inner}</${root}>`;
}
