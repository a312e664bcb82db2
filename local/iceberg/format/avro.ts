import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync, zstdDecompressSync } from "node:zlib";
import { ByteReader, ByteWriter } from "./avro-bytes.ts";
import type { Codec } from "./avro-schema.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";

/** Avro spec, "Object Container Files". */

const MAGIC = Buffer.from("Obj\u0001");
const SYNC_BYTES = 16;
/** Beyond 1 a manifest gets 5 % smaller and takes twice as long. */
const DEFLATE_LEVEL = 1;

/** The schema of a file's records as it is printed there, made into a codec. */
export type CodecOf = (schema: string) => Codec;

export interface Container {
  /** The file's own key-value pairs, with `avro.schema` and `avro.codec`. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly records: readonly unknown[];
}

/**
 * One deflated block. The same records and metadata give the same bytes.
 * @param schema Avro JSON with Iceberg's annotations, which goes into the file as it is.
 * @param records with the codec's members; null or absent where a field is optional.
 */
export function encodeContainer(
  schema: string,
  codecOf: CodecOf,
  records: readonly unknown[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const codec = codecOf(schema);
  const content = new ByteWriter();
  for (const record of records) codec.write(content, record);
  const block = deflateRawSync(content.written(), { level: DEFLATE_LEVEL });
  const sync = createHash("sha256").update(schema).update(block).digest().subarray(0, SYNC_BYTES);

  const file = new ByteWriter();
  file.raw(MAGIC);
  const pairs = Object.entries({ "avro.schema": schema, "avro.codec": "deflate", ...metadata });
  file.long(pairs.length);
  for (const text of pairs.flat()) file.text(text);
  file.long(0);
  file.raw(sync);
  if (records.length > 0) {
    file.long(records.length);
    file.bytes(block);
    file.raw(sync);
  }
  return file.written();
}

/**
 * @throws InvalidIceberg when the bytes are no whole container; UnsupportedIceberg for a codec other than null, deflate and
 * zstandard.
 */
export function decodeContainer(bytes: Uint8Array, codecOf: CodecOf): Container {
  const file = new ByteReader(bytes);
  if (bytes.length < MAGIC.length || !file.take(MAGIC.length).equals(MAGIC)) {
    throw new InvalidIceberg("Avro file: it does not begin as one");
  }
  const metadata = new Map<string, string>();
  file.blocks(() => {
    metadata.set(file.text(), file.text());
  });
  const sync = file.take(SYNC_BYTES);
  const codec = codecOf(metadata.get("avro.schema") ?? "");
  const records: unknown[] = [];
  while (!file.atEnd()) {
    const count = Number(file.long());
    const block = new ByteReader(decompressed(file.bytes(), metadata.get("avro.codec") ?? "null"));
    for (let left = count; left > 0; left--) records.push(codec.read(block));
    if (!block.atEnd()) throw new InvalidIceberg("Avro file: a block is longer than its records");
    if (!file.take(SYNC_BYTES).equals(sync)) throw new InvalidIceberg("Avro file: a block has no end mark");
  }
  return { metadata, records };
}

function decompressed(block: Buffer, codec: string): Buffer {
  switch (codec) {
    case "null":
      return block;
    case "deflate":
      return expanded(block, inflateRawSync);
    case "zstandard":
      return expanded(block, zstdDecompressSync);
    default:
      throw new UnsupportedIceberg(`Avro files compressed with ${codec} are not supported: use deflate`);
  }
}

function expanded(block: Buffer, expand: (block: Buffer) => Buffer): Buffer {
  try {
    return expand(block);
  } catch (cause) {
    throw new InvalidIceberg("Avro file: a block is not what its codec has written", { cause });
  }
}
