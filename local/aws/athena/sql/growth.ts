/** A text's size: of its own, and how often it names each of its parameters. */
interface Size {
  own: number;
  readonly named: Map<string, number>;
}

/** A bracket that is open in the text. */
interface Bracket {
  /** The macro that it calls. */
  readonly macro: Size | undefined;
  readonly parameters: readonly string[];
  readonly args: Size[];
}

interface Macro {
  readonly parameters: readonly string[];
  readonly body: string;
  size?: Size;
}

const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[^\s\w]/g;

const nothing = (): Size => ({ own: 0, named: new Map() });

/** Puts a size into another one, as often as given. */
function add(to: Size, { own, named }: Size, times = 1): void {
  to.own += own * times;
  for (const [name, count] of named) to.named.set(name, (to.named.get(name) ?? 0) + count * times);
}

/** A call's size: the macro's body with each argument wherever the body names it. */
function called(macro: Size, parameters: readonly string[], args: readonly Size[]): Size {
  const size: Size = { own: macro.own, named: new Map() };
  for (const [i, name] of parameters.entries()) add(size, args[i] ?? nothing(), macro.named.get(name) ?? 0);
  return size;
}

function closing({ macro, parameters, args }: Bracket): Size {
  if (macro !== undefined) return called(macro, parameters, args);
  const whole = nothing();
  for (const part of args) add(whole, part);
  return whole;
}

/**
 * How many words and signs a text has when every macro's body stands in its place, as DuckDB's binder has it: a body
 * names an argument several times, so nested calls grow by multiplication.
 * @param macros as they are made: `CREATE OR REPLACE MACRO name(a, b) AS body`.
 */
export function growth(macros: readonly string[]): (sql: string) => number {
  const known = new Map<string, Macro>();
  for (const macro of macros) {
    const [, name = "", list = "", body = ""] = /MACRO (\w+)\(([^)]*)\) AS ([\s\S]*)$/.exec(macro) ?? [];
    known.set(name, { parameters: list.split(", "), body });
  }
  const sizeOf = (macro: Macro): Size => {
    macro.size ??= measured(macro.body, new Set(macro.parameters));
    return macro.size;
  };
  function measured(sql: string, parameters: ReadonlySet<string>): Size {
    const open: Bracket[] = [{ macro: undefined, parameters: [], args: [nothing()] }];
    let before = "";
    for (const [part] of sql.matchAll(PARTS)) {
      const current = open.at(-1)?.args.at(-1) ?? nothing();
      if (part === "(" || part === "[" || part === "{") {
        const macro = part === "(" ? known.get(before) : undefined;
        const size = macro && sizeOf(macro);
        open.push({ macro: size, parameters: macro?.parameters ?? [], args: [nothing()] });
      } else if (open.length > 1 && (part === ")" || part === "]" || part === "}")) {
        const bracket = open.pop();
        if (bracket !== undefined) add(open.at(-1)?.args.at(-1) ?? nothing(), closing(bracket));
      } else if (part === ",") open.at(-1)?.args.push(nothing());
      else if (parameters.has(part)) current.named.set(part, (current.named.get(part) ?? 0) + 1);
      else current.own += 1;
      before = part;
    }
    return closing({ macro: undefined, parameters: [], args: open.flatMap(({ args }) => args) });
  }
  return (sql) => measured(sql, new Set()).own;
}
