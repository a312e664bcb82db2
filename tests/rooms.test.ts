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
