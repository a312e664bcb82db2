import { AwsError, type Shape } from "../aws/service.ts";
import type { Codec } from "./codec.ts";
import { element } from "./xml.ts";

/** A tree of the form's dotted names. */
type Tree = Map<string, Tree | string>;

/**
 * The query protocol: a form with `Action`, XML answers. All members arrive as text; `X.member.N` becomes an array and
 * `X.entry.N.key/value` an object. In an answer a `Map` is written as `<entry>` list.
 */
export function queryCodec(service: string, xmlns: string): Codec {
  return {
    read({ body, query }) {
      const form = body.length > 0 ? new URLSearchParams(body.toString("utf8")) : query;
      const operation = form.get("Action");
      if (operation === null) throw new AwsError("MissingAction", "The request has no Action");
      const tree: Tree = new Map();
      for (const [name, value] of form) {
        if (name !== "Action" && name !== "Version") insert(tree, name.split("."), value);
      }
      return { operation, input: members(tree) };
    },
    write(operation, output, requestId) {
      const answer = {
        [`${operation}Result`]: Object.keys(output).length > 0 ? output : undefined,
        ResponseMetadata: { RequestId: requestId },
      };
      return xml(200, element(`${operation}Response`, answer, ` xmlns="${xmlns}"`));
    },
    fail(error, requestId) {
      const denied = error.code === "AccessDeniedException";
      const code = denied ? (service === "sns" ? "AuthorizationError" : "AccessDenied") : error.code;
      const status = denied ? 403 : error.status;
      const detail = {
        Type: status < 500 ? "Sender" : "Receiver",
        Code: code,
        Message: error.message,
        ...error.fields,
      };
      return xml(status, element("ErrorResponse", { Error: detail, RequestId: requestId }, ` xmlns="${xmlns}"`));
    },
  };
}

function xml(status: number, body: string) {
  return { status, headers: { "content-type": "text/xml" }, body };
}

function insert(tree: Tree, [first, ...rest]: readonly string[], value: string): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    tree.set(first, value);
    return;
  }
  let child = tree.get(first);
  if (child === undefined || typeof child === "string") {
    child = new Map();
    tree.set(first, child);
  }
  insert(child, rest, value);
}

function members(tree: Tree): Shape {
  return Object.fromEntries([...tree].map(([key, child]) => [key, value(child)]));
}

function value(node: Tree | string): unknown {
  if (typeof node === "string") return node;
  const list = node.get("member");
  if (list !== undefined) return numbered(list).map(value);
  const entries = node.get("entry");
  if (entries !== undefined) return Object.fromEntries(numbered(entries).map(entry));
  return members(node);
}

/** SNS writes `Name`/`Value` for message attributes and `key`/`value` elsewhere. */
function entry(node: Tree | string): [string, unknown] {
  const key = typeof node === "string" ? undefined : (node.get("key") ?? node.get("Name"));
  const held = typeof node === "string" ? undefined : (node.get("value") ?? node.get("Value"));
  if (typeof key !== "string" || held === undefined)
    throw new AwsError("InvalidParameter", "A map entry needs a key and a value");
  return [key, value(held)];
}

function numbered(node: Tree | string): (Tree | string)[] {
  if (typeof node === "string") return [];
  return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
