/** What Firehose sends a transform; the members that this one uses. */
export interface TransformRequest {
  readonly records: readonly {
    readonly recordId: string;
    /** Base64. */
    readonly data: string;
    /** Milliseconds since the epoch. */
    readonly approximateArrivalTimestamp: number;
    /** Set when the source is a Kinesis stream. */
    readonly kinesisRecordMetadata?: { readonly approximateArrivalTimestamp: number };
  }[];
}

/** One answer for each record, in the contract of Firehose. */
export type TransformedRecord =
  | {
      readonly recordId: string;
      readonly result: "Ok";
      readonly data: string;
      readonly metadata: { readonly partitionKeys: Readonly<Record<string, string>> };
    }
  | { readonly recordId: string; readonly result: "Dropped" }
  /** Firehose keeps the record, which it still has, under the error prefix. */
  | { readonly recordId: string; readonly result: "ProcessingFailed" };

export interface TransformResponse {
  readonly records: readonly TransformedRecord[];
}
