/**
 * Reads a function's environment.
 * @throws Error that names the variable that is not set
 */
export function environment<const Name extends string>(...names: readonly Name[]): Readonly<Record<Name, string>> {
  const entries = names.map((name): [Name, string] => {
    const value = process.env[name];
    if (value === undefined || value === "") throw new Error(`Environment variable ${name} is not set.`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Record<Name, string>;
}
