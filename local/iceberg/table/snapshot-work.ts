import { randomUUID } from "node:crypto";
import { encodeManifest, type NewEntry } from "../format/manifest.ts";
import { encodeManifestList, summarise } from "../format/manifest-list.ts";
import { laterThan, metadataFolder, withSnapshot } from "../format/metadata.ts";
import type {
  DataFile,
  ManifestEntry,
  ManifestFile,
  Operation,
  Schema,
  Snapshot,
  TableMetadata,
} from "../format/model.ts";
import { resolveSpec } from "../format/partition.ts";
import { currentSchema } from "../format/schema.ts";
import { currentSnapshot, newSnapshotId, summaryOf } from "../format/snapshots.ts";
import { CommitFailed } from "./errors.ts";
import { entriesOf, hasLiveFiles, manifestKey, manifestsOf } from "./manifests.ts";
import { type MergeGroup, mergeable } from "./merge-manifests.ts";
import { manifestSettings } from "./settings.ts";
import type { TableState } from "./state.ts";
import { type Validation, validate } from "./validate.ts";

/** A change of the table's rows: one snapshot. */
export interface RowChange {
  readonly operation: Operation;
  readonly added?: readonly DataFile[];
  readonly addedDeletes?: readonly DataFile[];
  /** Data and delete files of the current snapshot. */
  readonly removed?: readonly DataFile[];
  /** Age of the rows in added files, where it is not the new snapshot's (spec "Sequence Numbers"). */
  readonly dataSequenceNumber?: number;
  /** `"none"`: the change holds whatever others do, as an append does. */
  readonly validation: "none" | Validation;
}

/** Bounds hold beginnings of the rows' values, which must go with the rows; of a file that is gone nobody needs them. */
const withoutBounds = (file: DataFile): DataFile => ({ ...file, lowerBounds: new Map(), upperBounds: new Map() });

/** A manifest that is written; its entry in the list depends on the attempt. */
interface WrittenManifest {
  readonly path: string;
  readonly length: number;
  readonly specId: number;
  readonly content: ManifestFile["content"];
  readonly schema: Schema;
  readonly entries: readonly NewEntry[];
}

interface MergedManifest {
  /** Paths of the manifests that it stands for. */
  readonly sources: readonly string[];
  readonly manifest: WrittenManifest;
}

/**
 * Makes the snapshot of a change, as often as others are faster: the id and the manifests of new files stay the same,
 * manifests that lose files are written again only where they changed, the manifest list every time (spec "Sequence
 * Numbers": what a commit adds inherits its number from the list).
 */
export class SnapshotWork {
  readonly snapshotId = newSnapshotId();
  /** URIs of everything written so far, whether the last attempt uses it or not. */
  readonly written: string[] = [];
  readonly #change: RowChange;
  #fresh: readonly WrittenManifest[] | undefined;
  readonly #filtered = new Map<string, WrittenManifest>();
  #merged: readonly MergedManifest[] = [];

  constructor(change: RowChange) {
    this.#change = change;
  }

  /**
   * Metadata with the snapshot on top of `base`, and the URIs it uses of those written.
   * @throws CommitFailed when the change does not hold on `base`.
   */
  async on(base: TableState): Promise<{ readonly metadata: TableMetadata; readonly used: readonly string[] }> {
    const { operation, validation, added = [], addedDeletes = [], removed = [] } = this.#change;
    if (validation !== "none") validate(base, validation);
    const { metadata, env } = base;
    const parent = currentSnapshot(metadata);
    const sequenceNumber = metadata["last-sequence-number"] + 1;
    this.#fresh ??= await this.#writeFresh(base);
    const filtered = await this.#withoutRemoved(base, parent);
    const { kept, merged } = await this.#merge(base, filtered.kept);
    const news = [...this.#fresh, ...filtered.rewritten, ...merged];
    const listed = news.map((manifest) => this.#listed(base, manifest, sequenceNumber));
    const manifests = [...listed, ...kept];
    const list = `${metadataFolder(metadata)}/snap-${this.snapshotId}-1-${randomUUID()}.avro`;
    const bytes = encodeManifestList(manifests, {
      snapshotId: this.snapshotId,
      ...(parent && { parentSnapshotId: parent["snapshot-id"] }),
      sequenceNumber,
    });
    await this.#write(base, list, bytes);
    env.cache.manifestLists.put(list, manifests, bytes.length);
    const snapshot: Snapshot = {
      "sequence-number": sequenceNumber,
      "snapshot-id": this.snapshotId,
      ...(parent && { "parent-snapshot-id": parent["snapshot-id"] }),
      "timestamp-ms": laterThan(metadata, env.now()),
      summary: summaryOf({
        operation,
        added,
        addedDeletes,
        removed: removed.filter((file) => file.content === 0),
        removedDeletes: removed.filter((file) => file.content === 1),
        parent,
      }),
      "manifest-list": list,
      "schema-id": metadata["current-schema-id"],
    };
    return { metadata: withSnapshot(metadata, snapshot), used: [list, ...news.map((manifest) => manifest.path)] };
  }

  async #writeFresh(base: TableState): Promise<readonly WrittenManifest[]> {
    const { added = [], addedDeletes = [], dataSequenceNumber } = this.#change;
    const schema = currentSchema(base.metadata);
    const groups: WrittenManifest[] = [];
    for (const [content, files] of [
      ["data", added],
      ["deletes", addedDeletes],
    ] as const) {
      for (const [specId, group] of Map.groupBy(files, (file) => file.specId)) {
        const entries = group.map(
          (file): NewEntry => ({
            status: "added",
            snapshotId: this.snapshotId,
            ...(dataSequenceNumber !== undefined && content === "data" && { sequenceNumber: dataSequenceNumber }),
            file,
          }),
        );
        groups.push(await this.#writeManifest(base, { specId, content, schema, entries }));
      }
    }
    return groups;
  }

  async #withoutRemoved(
    base: TableState,
    parent: Snapshot | undefined,
  ): Promise<{ readonly kept: readonly ManifestFile[]; readonly rewritten: readonly WrittenManifest[] }> {
    const gone = new Map((this.#change.removed ?? []).map((file) => [file.path, file]));
    const kept: ManifestFile[] = [];
    const rewritten: WrittenManifest[] = [];
    for (const manifest of manifestsOf(base, parent).filter(hasLiveFiles)) {
      const filtered = gone.size === 0 ? undefined : await this.#filter(base, manifest, gone);
      if (filtered) rewritten.push(filtered);
      else kept.push(manifest);
    }
    for (const manifest of rewritten) for (const entry of manifest.entries) gone.delete(entry.file.path);
    if (gone.size > 0) throw new CommitFailed(`Missing required files to delete: ${[...gone.keys()].join(", ")}`);
    return { kept, rewritten };
  }

  /** The manifest with removed files marked, or undefined when it lists none of them. */
  async #filter(
    base: TableState,
    manifest: ManifestFile,
    gone: ReadonlyMap<string, DataFile>,
  ): Promise<WrittenManifest | undefined> {
    const known = this.#filtered.get(manifest.path);
    if (known) return known;
    const { entries, schema } = entriesOf(base, manifest);
    const live = entries.filter((entry) => entry.status !== "deleted");
    if (!live.some((entry) => gone.has(entry.file.path))) return undefined;
    const written = await this.#writeManifest(base, {
      specId: manifest.specId,
      content: manifest.content,
      schema: schema ?? currentSchema(base.metadata),
      entries: live.map((entry) =>
        gone.has(entry.file.path)
          ? { ...entry, status: "deleted", snapshotId: this.snapshotId, file: withoutBounds(entry.file) }
          : { ...entry, status: "existing" },
      ),
    });
    this.#filtered.set(manifest.path, written);
    return written;
  }

  /** Writes small manifests together where the table has many. */
  async #merge(
    base: TableState,
    kept: readonly ManifestFile[],
  ): Promise<{ readonly kept: readonly ManifestFile[]; readonly merged: readonly WrittenManifest[] }> {
    const there = new Set(kept.map((manifest) => manifest.path));
    const still = this.#merged.filter(({ sources }) => sources.every((source) => there.has(source)));
    const done = new Set(still.flatMap(({ sources }) => sources));
    const rest = kept.filter((manifest) => !done.has(manifest.path));
    const merged = [...still];
    for (const group of mergeable(rest, manifestSettings(base.metadata.properties))) {
      merged.push(await this.#mergeGroup(base, group));
    }
    this.#merged = merged;
    const gone = new Set(merged.flatMap(({ sources }) => sources));
    return {
      kept: kept.filter((manifest) => !gone.has(manifest.path)),
      merged: merged.map(({ manifest }) => manifest),
    };
  }

  async #mergeGroup(base: TableState, { content, specId, manifests }: MergeGroup): Promise<MergedManifest> {
    const all = manifests.flatMap((manifest) => entriesOf(base, manifest).entries);
    const live = all.filter((entry) => entry.status !== "deleted");
    const entries = live.map((entry) => ({ ...entry, status: "existing" as const }));
    const manifest = await this.#writeManifest(base, {
      specId,
      content,
      schema: currentSchema(base.metadata),
      entries,
    });
    return { sources: manifests.map(({ path }) => path), manifest };
  }

  async #writeManifest(base: TableState, manifest: Omit<WrittenManifest, "path" | "length">): Promise<WrittenManifest> {
    const { specId, content, schema, entries } = manifest;
    const path = `${metadataFolder(base.metadata)}/${randomUUID()}-m0.avro`;
    const bytes = encodeManifest(entries, { schema, spec: resolveSpec(base.metadata, specId), content });
    await this.#write(base, path, bytes);
    return { ...manifest, path, length: bytes.length };
  }

  #listed(base: TableState, manifest: WrittenManifest, sequenceNumber: number): ManifestFile {
    const { path, length, specId, content, schema, entries } = manifest;
    const spec = resolveSpec(base.metadata, specId);
    const listed = summarise(entries, path, length, spec, content, this.snapshotId, sequenceNumber);
    const inherited = entries.map(
      (entry): ManifestEntry => ({
        ...entry,
        sequenceNumber: entry.sequenceNumber ?? sequenceNumber,
        fileSequenceNumber: entry.fileSequenceNumber ?? sequenceNumber,
      }),
    );
    base.env.cache.manifests.put(manifestKey(base, { path, sequenceNumber }), { entries: inherited, schema }, length);
    return listed;
  }

  async #write(base: TableState, uri: string, bytes: Uint8Array): Promise<void> {
    this.written.push(uri);
    await base.env.io.write(uri, bytes);
  }
}
