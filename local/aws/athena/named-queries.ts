import type { ResourceGraph } from "../../graph/resource.ts";
import { SavedMap } from "./saved-map.ts";

/** A saved question. */
export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly database: string;
  readonly sql: string;
  readonly workgroup: string;
  /** Token of the request that made it. */
  readonly token?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function declaredQueries(graph: ResourceGraph): ReadonlyMap<string, NamedQuery> {
  const resources = graph.resources.filter(({ type }) => type === "aws:athena/namedQuery:NamedQuery");
  return new Map(
    resources.map(({ id, inputs, outputs }) => {
      const description = text(inputs["description"]);
      const query: NamedQuery = {
        id,
        name: String(inputs["name"] ?? outputs["name"]),
        ...(description !== undefined && { description }),
        database: String(inputs["database"]),
        sql: String(inputs["query"]),
        workgroup: text(inputs["workgroup"]) ?? "primary",
      };
      return [id, query];
    }),
  );
}

function parse({ id, name, description, database, sql, workgroup, token }: Readonly<Record<string, unknown>>) {
  if (
    typeof id !== "string" ||
    typeof name !== "string" ||
    typeof database !== "string" ||
    typeof sql !== "string" ||
    typeof workgroup !== "string"
  )
    return undefined;
  return {
    ...{ id, name, database, sql, workgroup },
    ...(typeof description === "string" && { description }),
    ...(typeof token === "string" && { token }),
  };
}

/** Saved questions: the graph's, and those that clients made. */
export class NamedQueries {
  readonly #declared: ReadonlyMap<string, NamedQuery>;
  readonly #saved: SavedMap<NamedQuery>;

  constructor(graph: ResourceGraph, file: string) {
    this.#declared = declaredQueries(graph);
    this.#saved = new SavedMap(file, parse);
  }

  find(id: string): NamedQuery | undefined {
    return this.#declared.get(id) ?? this.#saved.get(id);
  }

  isDeclared({ id }: NamedQuery): boolean {
    return this.#declared.has(id);
  }

  of(workgroup: string): readonly NamedQuery[] {
    return [...this.#declared.values(), ...this.#saved.values()].filter((query) => query.workgroup === workgroup);
  }

  save(query: NamedQuery): void {
    this.#saved.set(query.id, query);
  }

  delete({ id }: NamedQuery): void {
    this.#saved.delete(id);
  }
}
