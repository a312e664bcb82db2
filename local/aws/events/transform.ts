/** How a target wants its event. */
export interface InputSettings {
  /** Constant JSON text sent instead of the event. */
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: { readonly inputPaths: Readonly<Record<string, string>>; readonly inputTemplate: string };
}

/** Names that every template may use without declaring them. */
export interface RuleNames {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestionTime: string;
}

/** Prepares the text a target gets from an event. @throws Error at once for a path or template that is not valid. */
export function compileInput(settings: InputSettings): (event: unknown, names: RuleNames) => string {
  const { input, inputPath, inputTransformer } = settings;
  if ([input, inputPath, inputTransformer].filter((setting) => setting !== undefined).length > 1) {
    throw new Error("only one of input, inputPath and inputTransformer is allowed");
  }
  if (input !== undefined) return () => input;
  if (inputPath !== undefined) {
    const find = compilePath(inputPath);
    return (event) => JSON.stringify(find(event) ?? null);
  }
  if (inputTransformer === undefined) return (event) => JSON.stringify(event);
  const finders = new Map(Object.entries(inputTransformer.inputPaths).map(([name, path]) => [name, compilePath(path)]));
  const parts = split(inputTransformer.inputTemplate);
  for (const part of parts) {
    if (part.name !== undefined && !finders.has(part.name) && !part.name.startsWith("aws.events.")) {
      throw new Error(`the input template uses <${part.name}>, which no input path defines`);
    }
  }
  return (event, names) =>
    parts
      .map((part) =>
        part.name === undefined ? part.text : write(value(part.name, event, names, finders), part.quoted),
      )
      .join("");
}

function value(
  name: string,
  event: unknown,
  names: RuleNames,
  finders: ReadonlyMap<string, (event: unknown) => unknown>,
): unknown {
  switch (name) {
    case "aws.events.rule-arn":
      return names.ruleArn;
    case "aws.events.rule-name":
      return names.ruleName;
    case "aws.events.event.ingestion-time":
      return names.ingestionTime;
    case "aws.events.event":
    case "aws.events.event.json":
      return event;
    default:
      return finders.get(name)?.(event);
  }
}

/** Inside a text of the template a value is written bare, outside as JSON: a text keeps its quotes. */
function write(found: unknown, quoted: boolean): string {
  if (found === undefined) return "";
  if (!quoted) return JSON.stringify(found);
  const bare = typeof found === "string" ? found : JSON.stringify(found);
  return JSON.stringify(bare).slice(1, -1);
}

interface Part {
  readonly text: string;
  readonly name?: string;
  readonly quoted: boolean;
}

function split(template: string): Part[] {
  const parts: Part[] = [];
  let quoted = false;
  for (const piece of template.split(/(<[A-Za-z0-9_.-]+>)/)) {
    const name = /^<([A-Za-z0-9_.-]+)>$/.exec(piece)?.[1];
    if (name !== undefined) parts.push({ text: piece, name, quoted });
    else {
      parts.push({ text: piece, quoted });
      if ((piece.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1) quoted = !quoted;
    }
  }
  return parts;
}

/** `$`, `$.a.b`, `$.a['b c']`, `$.a[0]`: what EventBridge accepts of JSONPath. */
export function compilePath(path: string): (event: unknown) => unknown {
  if (!/^\$(?:\.[A-Za-z0-9_:-]+|\['[^']+'\]|\[\d+\])*$/.test(path))
    throw new Error(`${path} is not a path EventBridge accepts`);
  const steps = [...path.slice(1).matchAll(/\.([A-Za-z0-9_:-]+)|\['([^']+)'\]|\[(\d+)\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
  return (event) =>
    steps.reduce<unknown>(
      (at, step) =>
        typeof at === "object" && at !== null ? Object.entries(at).find(([key]) => key === step)?.[1] : undefined,
      event,
    );
}
