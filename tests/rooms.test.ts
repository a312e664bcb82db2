import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Who may import whom. `local` reaches `infra` only by evaluating it; runtime code knows nothing of where it runs. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  ingest: ["ingest"],
  analytics: ["analytics"],
  governance: ["governance", "analytics", "ingest"],
  pipelines: ["pipelines", "ingest", "analytics", "governance"],
  infra: ["infra", "ingest", "analytics", "governance", "pipelines"],
  local: ["local"],
  cli: ["cli", "local", "ingest", "analytics", "governance", "pipelines"],
  verify: ["verify", "cli", "local", "infra", "ingest", "analytics", "governance", "pipelines"],
  bench: ["bench", "cli", "local", "infra", "ingest", "analytics", "governance", "pipelines"],
};

/** What `local` may not name: it runs any program, and learns of the shop from the graph alone. */
const shopWords =
  /\b(customer_360|order_lines|raw_events|failed_events|segment_members|OrderPlaced|online-retail)\b|\bc360[-_]\w/i;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "node_modules" ? [] : sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function imports(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].flatMap(
    (match) => match[1] ?? [],
  );
}

/** What must be there before a module runs: no types, and nothing that it loads later. */
const loadedFirst = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\s(?!type\b)(?:[^;"]*?\sfrom\s)?"(\.[^"]+)"/gm)].flatMap(
    (match) => match[1] ?? [],
  );

/** The ways around, each from a module back to itself; none where what a module needs is always loaded before it. */
function circles(needs: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) found.push([...way.slice(start), file].join(" -> "));
    if (start >= 0 || done.has(file)) return;
    for (const next of needs.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of needs.keys()) visit(file, []);
  return found;
}

describe("rooms", () => {
  for (const [room, mayImport] of Object.entries(allowed)) {
    it(`${room} imports only ${mayImport.join(", ")}`, () => {
      const strays = sources(join(root, room)).flatMap((file) =>
        imports(file).flatMap((target) => {
          const other = relative(root, resolve(dirname(file), target)).split("/")[0] ?? "";
          return mayImport.includes(other) ? [] : [`${relative(root, file)} imports ${other}`];
        }),
      );
      expect(strays).toEqual([]);
    });
  }

  it("no modules need each other", () => {
    const files = [...Object.keys(allowed), "tests"].flatMap((room) => sources(join(root, room)));
    const needs = new Map(
      files.map((file) => [
        relative(root, file),
        loadedFirst(readFileSync(file, "utf8")).map((target) => relative(root, resolve(dirname(file), target))),
      ]),
    );
    expect(circles(needs)).toEqual([]);
  });

  it("names the circle in which modules need each other", () => {
    const text = `import type { A } from "./a.ts";
import { b } from "./b.ts";
import {
  type C,
  c,
} from "../c.ts";
import "./d.ts";
export * from "./e.ts";
export type { F } from "./f.ts";
const g = await import("./g.ts");
`;
    expect(loadedFirst(text)).toEqual(["./b.ts", "../c.ts", "./d.ts", "./e.ts"]);
    const needs = { a: ["b", "d"], b: ["c"], c: ["d", "b"], d: [], e: ["a", "e"] };
    expect(circles(new Map(Object.entries(needs)))).toEqual(["b -> c -> b", "e -> e"]);
  });

  it("local names nothing of the shop outside its tests", () => {
    const named = sources(join(root, "local"))
      .filter((file) => !file.endsWith(".test.ts"))
      .flatMap((file) => {
        const hit = shopWords.exec(readFileSync(file, "utf8"));
        return hit === null ? [] : [`${relative(root, file)}: ${hit[0]}`];
      });
    expect(named).toEqual([]);
  });

  it("runtime code overrides no endpoint", () => {
    const overriding = ["ingest", "analytics", "governance", "pipelines"].flatMap((room) =>
      sources(join(root, room)).filter(
        (file) => !file.endsWith(".test.ts") && /endpoint\s*:|AWS_ENDPOINT_URL/.test(readFileSync(file, "utf8")),
      ),
    );
    expect(overriding.map((file) => relative(root, file))).toEqual([]);
  });
});
