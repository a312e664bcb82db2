import type { Plan } from "../../../iceberg/table/plan.ts";
import type { StatementBinder } from "../binder.ts";
import type { Scan } from "../sql/scope.ts";
import { place } from "../sql/translate.ts";
import type { IcebergTable } from "../tables/iceberg-table.ts";

/** A query that may read more than its workgroup allows. */
export class ScanLimitExceeded extends Error {}

/** The relations that a statement's scans stand for, and what reading them costs. */
export class Relations {
  readonly #scans: readonly Scan[];
  readonly #binder: StatementBinder;
  readonly #cutoff: number | undefined;
  readonly #signal: AbortSignal;
  readonly #sql = new Map<Scan, string>();
  #bytes = 0;

  /** @param cutoff bytes that the statement may scan. */
  constructor(scans: readonly Scan[], binder: StatementBinder, cutoff: number | undefined, signal: AbortSignal) {
    this.#scans = scans;
    this.#binder = binder;
    this.#cutoff = cutoff;
    this.#signal = signal;
  }

  get scans(): readonly Scan[] {
    return this.#scans;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Finds the files of every scan but the one of the table that is changed. */
  async open(target?: Scan): Promise<void> {
    for (const scan of this.#scans) {
      if (scan === target) continue;
      const { sql, bytes } = await this.#binder.opened(scan.table).read({
        columns: [...scan.columns],
        predicates: scan.predicates,
        at: scan.at,
        positions: scan.positions,
      });
      this.#sql.set(scan, sql);
      this.charge(bytes);
    }
  }

  /** The rows of the table that is changed, from the files of a plan. */
  openTarget(target: Scan, table: IcebergTable, plan: Plan): void {
    const { sql, bytes } = table.relation(plan, { columns: [...target.columns], positions: true });
    this.#sql.set(target, sql);
    this.charge(bytes);
  }

  /** Counts bytes that the statement is about to read. @throws ScanLimitExceeded, or the signal's reason */
  charge(bytes: number): void {
    this.#signal.throwIfAborted();
    this.#bytes += bytes;
    if (this.#cutoff !== undefined && this.#bytes > this.#cutoff)
      throw new ScanLimitExceeded(`Bytes scanned limit was exceeded: ${this.#bytes} of ${this.#cutoff}`);
  }

  /** The translated text with its relations in place. */
  place(sql: string): string {
    this.#signal.throwIfAborted();
    return place(sql, (index) => {
      const scan = this.#scans[index];
      const relation = scan === undefined ? undefined : this.#sql.get(scan);
      if (relation === undefined) throw new Error(`Scan ${index} has no relation`);
      return relation;
    });
  }
}
