/** A code asset of the graph with its contents: what `pulumi.asset.*` held when the program was evaluated. */
export type Asset =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "archive"; readonly entries: Readonly<Record<string, Asset>> };

/** One resource of the evaluated program. Everything is plain JSON: outputs are resolved, secrets unwrapped. */
export interface GraphResource {
  readonly urn: string;
  /** Pulumi type token, e.g. `aws:kinesis/stream:Stream`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** False for component resources. */
  readonly custom: boolean;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Inputs plus what the type's synthesiser computed (arn, id, url, ...). */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly dependencies: readonly string[];
  /** Property name -> URNs whose outputs went into it. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** The evaluated Pulumi program: what the local runtime runs, and what graph tests look at. */
export interface ResourceGraph {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly resources: readonly GraphResource[];
  /** Stack outputs, resolved. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
