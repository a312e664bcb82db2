import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../home.ts";
import { type EvaluateOptions, evaluateProgram } from "./evaluate.ts";
import type { ResourceGraph } from "./resource.ts";

/** Folders that no program reads: results, data, documentation, and what only looks at the graph. */
const skipped = new Set(["node_modules", "data", "docs", "bench", "verify", "tests", "cli", "local"]);

/**
 * The graph of the program as it is now: evaluated, or from `file` if nothing that it depends on has changed since.
 * @throws ProgramError as {@link evaluateProgram}
 */
export async function cachedGraph(options: EvaluateOptions, file: string): Promise<ResourceGraph> {
  const key = fingerprint(options);
  const cached = read(file);
  if (cached?.key === key) return cached.graph;
  const graph = await evaluateProgram(options);
  writeWhole(file, JSON.stringify({ key, graph }));
  return graph;
}

/** Changes with every source, setting and dependency that the graph may depend on; not with tests. */
function fingerprint({ projectDir, stack }: EvaluateOptions): string {
  const hash = createHash("sha256").update(`${projectDir} ${stack} ${process.version}`);
  const addFolder = (folder: string, skip: ReadonlySet<string>): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".") || skip.has(entry.name) || entry.name.includes(".test.")) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) addFolder(path, skip);
      else if (entry.isFile()) hash.update(path).update(readFileSync(path));
    }
  };
  addFolder(projectDir, skipped);
  addFolder(import.meta.dirname, new Set());
  return hash.digest("hex");
}

function read(file: string): { readonly key: string; readonly graph: ResourceGraph } | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Cut short by a crash of an older version: as good as none.
    return undefined;
  }
}
