import { AwsError } from "../service.ts";

/**
 * Sequence numbers are decimals of 56 digits, as long as AWS's: a fixed head, the record's position in its shard, and
 * the shard. They grow with the position and are unique within the stream.
 */
const head = "4965";
const positionDigits = 47;

export function sequenceNumber(position: number, shard: number): string {
  return head + String(position).padStart(positionDigits, "0") + String(shard).padStart(5, "0");
}

/** Position that a sequence number stands for. */
export function positionOf(sequence: string): number {
  if (!/^4965\d{52}$/.test(sequence)) {
    throw new AwsError(
      "InvalidArgumentException",
      `Invalid sequence number ${sequence.slice(0, 64)}: this stream did not give it.`,
    );
  }
  return Number(sequence.slice(head.length, head.length + positionDigits));
}
