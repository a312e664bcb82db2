import { fail, LONG, ofTexts, refuse, TEXT, type Udf } from "./udf.ts";

interface Url {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Undefined where the rest after the scheme is opaque, as in `mailto:`. */
  readonly path: string | undefined;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** What java.net.URI takes in a path or query: also all that is beyond ASCII and no blank or control. */
const LEGAL = /^(?:[A-Za-z0-9_.!~*'(),;:$&+=?/[\]@-]|%[0-9A-Fa-f]{2}|[^\p{ASCII}\p{Z}\p{Cc}])*$/u;
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$|^\d{1,3}(?:\.\d{1,3}){3}$/;

/** As java.net.URI reads it (RFC 2396); undefined for what it refuses, for which the functions give NULL. */
function parse(text: string): Url | undefined {
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  if (match === null) return undefined;
  const [, scheme, authority, path = "", query, fragment] = match;
  if (![authority, path, query, fragment].every((part) => part === undefined || LEGAL.test(part))) return undefined;
  if (/[[\]]/.test(`${authority ?? ""}${path}`)) refuse("a URL with square brackets before its query");
  if (scheme !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) return undefined;
  if (authority === "")
    return path === "" ? undefined : { scheme, host: undefined, port: undefined, path, query, fragment };
  if (scheme !== undefined && authority === undefined && !path.startsWith("/"))
    return path === ""
      ? undefined
      : { scheme, host: undefined, port: undefined, path: undefined, query: undefined, fragment };
  const server = /^(?:[^@]*@)?([^:]*)(?::(\d*))?$/.exec(authority ?? "");
  const known = server?.[1] !== undefined && HOST.test(server[1]);
  return { scheme, host: known ? server[1] : undefined, port: known ? server[2] : undefined, path, query, fragment };
}

function decoded(text: string | undefined): string {
  if (text === undefined) return "";
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("a URL with bytes that are no UTF-8");
  }
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    if (/%(?![0-9A-Fa-f]{2})/.test(text))
      return fail("INVALID_FUNCTION_ARGUMENT", "URLDecoder: Illegal hex characters in escape (%) pattern");
    return refuse("url_decode of bytes that are no UTF-8");
  }
}

function parameter(url: Url, name: string): string | null {
  for (const pair of (url.query ?? "").split("&")) {
    const at = pair.indexOf("=");
    if (pair !== "" && decodeForm(at < 0 ? pair : pair.slice(0, at)) === name)
      return at < 0 ? "" : decodeForm(pair.slice(at + 1));
  }
  return null;
}

const part = (name: string, get: (url: Url) => string): Udf =>
  ofTexts(
    `trino_url_extract_${name}`,
    1,
    TEXT,
    (text) => {
      const url = parse(text ?? "");
      return url === undefined ? null : get(url);
    },
    true,
  );

/** Functions on URLs. */
export const urlUdfs: readonly Udf[] = [
  part("protocol", ({ scheme }) => scheme ?? ""),
  part("host", ({ host }) => host ?? ""),
  part("path", ({ path }) => decoded(path)),
  part("query", ({ query }) => decoded(query)),
  part("fragment", ({ fragment }) => decoded(fragment)),
  ofTexts(
    "trino_url_extract_port",
    1,
    LONG,
    (text) => {
      const port = parse(text ?? "")?.port;
      return port === undefined || port === "" ? null : BigInt(port);
    },
    true,
  ),
  ofTexts(
    "trino_url_extract_parameter",
    2,
    TEXT,
    (text, name) => {
      const url = parse(text ?? "");
      return url === undefined ? null : parameter(url, name ?? "");
    },
    true,
  ),
  ofTexts("trino_url_encode", 1, TEXT, (text) =>
    encodeURIComponent((text ?? "").toWellFormed())
      .replaceAll("%20", "+")
      .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  ),
  ofTexts("trino_url_decode", 1, TEXT, (text) => decodeForm(text ?? ""), true),
];
