import type { GraphResource } from "./resource.ts";

/** What an output, or an `undefined`, printed into a string looks like. */
const unresolved = [
  {
    pattern: /Calling \[to(String|JSON)\] on an \[Output/,
    meaning: "an output was printed into a string; use pulumi.interpolate",
  },
  { pattern: /\[object (Object|Promise)\]/, meaning: "an object was printed into a string" },
  { pattern: /(^|[:/"'.=_-])undefined($|[:/"'._-])/, meaning: "an undefined value was printed into a string" },
];

/** A resource of the graph with the name that must be unique among its type in an account. */
export interface Named {
  readonly resource: GraphResource;
  readonly physicalName: string | undefined;
}

/**
 * Finds what `setMocks` lets pass and the engine or AWS would refuse: two resources with one URN or one physical name,
 * and values that were never resolved.
 */
export function findProblems(resources: readonly Named[], outputs: Readonly<Record<string, unknown>>): string[] {
  return [
    ...duplicates(resources, ({ resource }) => resource.urn, "URN"),
    ...duplicates(
      resources,
      ({ resource, physicalName }) => (physicalName === undefined ? undefined : `${resource.type} ${physicalName}`),
      "physical name",
    ),
    ...resources.flatMap(({ resource }) =>
      Object.entries(resource.inputs).flatMap(([key, value]) =>
        badStrings(value, `${resource.name} (${resource.type}).${key}`),
      ),
    ),
    ...Object.entries(outputs).flatMap(([key, value]) =>
      value === undefined ? [`stack output ${key} is undefined`] : badStrings(value, `stack output ${key}`),
    ),
  ];
}

function duplicates(resources: readonly Named[], keyOf: (named: Named) => string | undefined, what: string): string[] {
  const owners = new Map<string, string[]>();
  for (const named of resources) {
    const key = keyOf(named);
    if (key !== undefined) owners.set(key, [...(owners.get(key) ?? []), named.resource.name]);
  }
  return [...owners]
    .filter(([, names]) => names.length > 1)
    .map(([key, names]) => `duplicate ${what} ${key} (${names.join(", ")})`);
}

function badStrings(value: unknown, path: string): string[] {
  if (typeof value === "string") {
    const found = unresolved.find(({ pattern }) => pattern.test(value));
    return found === undefined ? [] : [`${path}: ${found.meaning}`];
  }
  if (typeof value !== "object" || value === null) return [];
  // A bundle's source may well contain such words.
  if ("kind" in value && (value.kind === "text" || value.kind === "file" || value.kind === "archive")) return [];
  return Object.entries(value).flatMap(([key, member]) => badStrings(member, `${path}.${key}`));
}
