import { createHash } from "node:crypto";
import { objectIn, onlyMembers, optionalText } from "../members.ts";
import { AwsError, type Shape } from "../service.ts";
import { partitionFilter } from "./partition-filter.ts";
import type { Partition, PartitionStore } from "./partitions.ts";
import { catalogueTable } from "./table-input.ts";
import type { StoredTable } from "./table-store.ts";

/** Partitions of a page when the request does not say, and at most. */
const USUAL_PAGE = 100;
const LARGEST_PAGE = 1000;
const MOST_SEGMENTS = 10;

function wholeIn(input: Shape, member: string, least: number, most: number): number {
  const value = input[member];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AwsError("ValidationException", `${member} must be a whole number between ${least} and ${most}`);
}

/** Divides the partitions among the segments of a parallel scan, the same way in every request. */
function segmentOf(value: unknown): (partition: Partition) => boolean {
  const segment = objectIn(value);
  if (segment === undefined) return () => true;
  onlyMembers("glue:GetPartitions Segment", segment, ["SegmentNumber", "TotalSegments"]);
  const total = wholeIn(segment, "TotalSegments", 1, MOST_SEGMENTS);
  const number = wholeIn(segment, "SegmentNumber", 0, total - 1);
  return ({ values }) => createHash("sha1").update(JSON.stringify(values)).digest().readUInt32BE() % total === number;
}

const tokenOf = ({ values }: Partition): string => Buffer.from(JSON.stringify(values)).toString("base64url");

/** The values of the partition that the page before ended with. */
function lastOf(token: string): readonly string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (Array.isArray(values) && values.every((value) => typeof value === "string")) return values;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError("InvalidToken", "Invalid Token: the page token was not given by this service");
}

/**
 * One page of the partitions that a GetPartitions asks for. A page goes on after the last partition of the one before,
 * so that a client may delete what it has been given before it asks for more.
 * @throws AwsError `InvalidInputException`, `ValidationException`, `InvalidToken`
 */
export function partitionPage(
  input: Shape,
  table: StoredTable,
  store: PartitionStore,
): { readonly partitions: readonly Partition[]; readonly next: string | undefined } {
  const size = input["MaxResults"] === undefined ? USUAL_PAGE : wholeIn(input, "MaxResults", 1, LARGEST_PAGE);
  const token = optionalText(input, "NextToken");
  const isAsked = partitionFilter(optionalText(input, "Expression") ?? "", catalogueTable(table).partitionKeys);
  const isInSegment = segmentOf(input["Segment"]);
  const { database, name } = table;
  const left = store.of(database, name, token === undefined ? undefined : lastOf(token));
  const found = left.filter((partition) => isInSegment(partition) && isAsked(partition.values));
  const partitions = found.slice(0, size);
  const last = partitions.at(-1);
  return { partitions, next: found.length > size && last !== undefined ? tokenOf(last) : undefined };
}
