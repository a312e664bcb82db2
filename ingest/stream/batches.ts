/** One record for the stream: an event as JSON text, or bytes as they are. */
export type StreamRecord = { readonly partitionKey: string } & (
  | { readonly json: string }
  | { readonly bytes: Uint8Array }
);

/** A record in the form of the Kinesis API. */
export interface BatchRecord {
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
}

/** Records for one request. */
export interface Batch {
  readonly records: readonly BatchRecord[];
  readonly bytes: number;
  /** Records read up to the end of this batch, the oversized ones included. */
  readonly end: number;
  /** Positions of records left out because no stream takes them. */
  readonly oversized: readonly number[];
}

/** Limits of PutRecords: 500 records and 5 MiB a request, 1 MiB a record, keys included. */
export const MAX_RECORDS = 500;
export const MAX_BATCH_BYTES = 5 * 1024 * 1024;
export const MAX_RECORD_BYTES = 1024 * 1024;

/** Cuts records into requests that the service takes, in their order. */
export async function* batches(records: AsyncIterable<StreamRecord>): AsyncGenerator<Batch> {
  let open = emptyBatch();
  let position = 0;
  for await (const record of records) {
    const Data = "json" in record ? Buffer.from(record.json) : record.bytes;
    const size = Data.length + Buffer.byteLength(record.partitionKey);
    if (size > MAX_RECORD_BYTES) {
      open.oversized.push(position);
    } else {
      if (open.records.length === MAX_RECORDS || open.bytes + size > MAX_BATCH_BYTES) {
        yield { ...open, end: position };
        open = emptyBatch();
      }
      open.records.push({ PartitionKey: record.partitionKey, Data });
      open.bytes += size;
    }
    position++;
  }
  if (open.records.length + open.oversized.length > 0) yield { ...open, end: position };
}

const emptyBatch = () => ({ records: [] as BatchRecord[], bytes: 0, oversized: [] as number[] });
