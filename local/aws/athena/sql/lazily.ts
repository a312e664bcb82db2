/**
 * Made when it is first asked for. Rules call expressions, which look rules up in tables: of two such modules the one that
 * is loaded first would find the other's table, or what it is made of, not there yet.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
