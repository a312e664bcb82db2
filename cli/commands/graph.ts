import { type Command, Option } from "commander";
import { evaluateProgram } from "../../local/graph/evaluate.ts";
import type { GraphResource, ResourceGraph } from "../../local/graph/resource.ts";
import { globalOptions } from "../context.ts";
import { projectDir } from "../session.ts";

/** `c360 graph`: the evaluated Pulumi program. */
export function registerGraph(program: Command): void {
  program
    .command("graph")
    .description("show the resources of the Pulumi program and what depends on what")
    .addOption(new Option("--format <format>", "how to print it").choices(["text", "mermaid", "json"]).default("text"))
    .action(async (own: { format: "text" | "mermaid" | "json" }, command: Command) => {
      const options = globalOptions(command);
      const graph = await evaluateProgram({ projectDir, stack: options.stack });
      const format = options.json ? "json" : own.format;
      process.stdout.write(`${renderings[format](graph)}\n`);
    });
}

const renderings: Readonly<Record<"text" | "mermaid" | "json", (graph: ResourceGraph) => string>> = {
  json: (graph) => JSON.stringify(graph, undefined, 2),
  text: (graph) => {
    const roots = graph.resources.filter((resource) => parentOf(graph, resource) === undefined);
    return roots.map((root) => outline(graph, root, 0)).join("\n");
  },
  mermaid: mermaid,
};

function parentOf(graph: ResourceGraph, resource: GraphResource): GraphResource | undefined {
  return graph.resources.find((other) => other.urn === resource.parent);
}

function outline(graph: ResourceGraph, resource: GraphResource, depth: number): string {
  const children = graph.resources.filter((other) => other.parent === resource.urn && other.urn !== resource.urn);
  return [
    `${"  ".repeat(depth)}${resource.name}  (${resource.type})`,
    ...children.map((child) => outline(graph, child, depth + 1)),
  ].join("\n");
}

/** Components as boxes, an arrow from what uses to what is used; a resource counts for its outermost component. */
function mermaid(graph: ResourceGraph): string {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const group = (urn: string): GraphResource | undefined => {
    let at = byUrn.get(urn);
    let found = at;
    while (at?.parent !== undefined && byUrn.has(at.parent)) {
      at = byUrn.get(at.parent);
      if (at !== undefined && !at.type.startsWith("pulumi:")) found = at;
    }
    return found;
  };
  const ids = new Map<string, string>();
  const id = (resource: GraphResource): string => {
    const known = ids.get(resource.urn) ?? `n${ids.size}`;
    ids.set(resource.urn, known);
    return known;
  };
  const arrows = new Set<string>();
  for (const resource of graph.resources) {
    const from = group(resource.urn);
    if (from === undefined || from.type.startsWith("pulumi:")) continue;
    id(from);
    for (const urn of resource.dependencies) {
      const to = group(urn);
      if (to !== undefined && to.urn !== from.urn && !to.type.startsWith("pulumi:"))
        arrows.add(`  ${id(from)} --> ${id(to)}`);
    }
  }
  const boxes = [...ids].map(([urn, name]) => `  ${name}["${byUrn.get(urn)?.name ?? urn}"]`);
  return ["flowchart LR", ...boxes, ...[...arrows].sort()].join("\n");
}
