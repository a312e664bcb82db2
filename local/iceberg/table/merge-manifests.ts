import type { ManifestFile } from "../format/model.ts";
import type { ManifestSettings } from "./settings.ts";

/** Manifests that become one. */
export interface MergeGroup {
  readonly content: ManifestFile["content"];
  readonly specId: number;
  readonly manifests: readonly ManifestFile[];
}

/**
 * Which manifests a commit writes together, so that the number of files a plan reads stays small: as Java Iceberg's
 * ManifestMergeManager, only that new manifests stay alone.
 * @param manifests those that the commit carries over.
 * @returns groups of at least two.
 */
export function mergeable(manifests: readonly ManifestFile[], settings: ManifestSettings): readonly MergeGroup[] {
  if (!settings.merge) return [];
  const groups = Map.groupBy(manifests, (manifest) => `${manifest.content} ${manifest.specId}`);
  return [...groups.values()].flatMap((group) => {
    const small = group.filter((manifest) => manifest.length < settings.targetSize);
    const [first] = small;
    if (first === undefined || small.length < settings.minCount) return [];
    const { content, specId } = first;
    return packed(small, settings.targetSize).map((bin) => ({ content, specId, manifests: bin }));
  });
}

function packed(manifests: readonly ManifestFile[], targetSize: number): readonly (readonly ManifestFile[])[] {
  const bins: ManifestFile[][] = [];
  let room = 0;
  for (const manifest of manifests) {
    const bin = bins.at(-1);
    if (bin !== undefined && manifest.length <= room) {
      bin.push(manifest);
      room -= manifest.length;
    } else {
      bins.push([manifest]);
      room = targetSize - manifest.length;
    }
  }
  return bins.filter((bin) => bin.length > 1);
}
