/** Metadata files as other engines write them, with the members and the order of each. Only tests read them. */

/** As Java Iceberg writes it for Trino: partitions changed twice, a column dropped, statistics, a branch and a tag. */
export const javaMetadata = `{
  "format-version" : 2,
  "table-uuid" : "9c12d441-03fe-4693-9a96-a0705ddf69c1",
  "location" : "s3://lake/silver/visits",
  "last-sequence-number" : 34,
  "last-updated-ms" : 1602638573590,
  "last-column-id" : 9,
  "current-schema-id" : 1,
  "schemas" : [ {
    "type" : "struct",
    "schema-id" : 0,
    "fields" : [
      { "id" : 1, "name" : "id", "required" : true, "type" : "long" },
      { "id" : 2, "name" : "seen_at", "required" : false, "type" : "timestamptz" },
      { "id" : 3, "name" : "page", "required" : false, "type" : "string" },
      { "id" : 4, "name" : "price", "required" : false, "type" : "decimal(18, 3)" }
    ]
  }, {
    "type" : "struct",
    "schema-id" : 1,
    "identifier-field-ids" : [ 1 ],
    "fields" : [
      { "id" : 1, "name" : "id", "required" : true, "type" : "long", "doc" : "key" },
      { "id" : 2, "name" : "seen_at", "required" : false, "type" : "timestamptz" },
      { "id" : 4, "name" : "price", "required" : false, "type" : "decimal(18, 3)" },
      { "id" : 5, "name" : "tags", "required" : false, "type" :
        { "type" : "list", "element-id" : 6, "element" : "string", "element-required" : false } },
      { "id" : 7, "name" : "extra", "required" : false, "type" :
        { "type" : "map", "key-id" : 8, "key" : "string", "value-id" : 9, "value" : "double", "value-required" : true } }
    ]
  } ],
  "default-spec-id" : 2,
  "partition-specs" : [
    { "spec-id" : 0, "fields" : [ { "name" : "page", "transform" : "identity", "source-id" : 3, "field-id" : 1000 } ] },
    { "spec-id" : 1, "fields" : [
      { "name" : "page", "transform" : "void", "source-id" : 3, "field-id" : 1000 },
      { "name" : "seen_at_day", "transform" : "day", "source-id" : 2, "field-id" : 1001 } ] },
    { "spec-id" : 2, "fields" : [
      { "name" : "seen_at_day", "transform" : "day", "source-id" : 2, "field-id" : 1001 },
      { "name" : "id_bucket", "transform" : "bucket[16]", "source-id" : 1, "field-id" : 1002 } ] }
  ],
  "last-partition-id" : 1002,
  "default-sort-order-id" : 3,
  "sort-orders" : [ { "order-id" : 3, "fields" : [
    { "transform" : "identity", "source-id" : 2, "direction" : "asc", "null-order" : "nulls-first" },
    { "transform" : "bucket[4]", "source-id" : 1, "direction" : "desc", "null-order" : "nulls-last" } ] } ],
  "properties" : { "write.format.default" : "PARQUET", "write.parquet.compression-codec" : "zstd" },
  "current-snapshot-id" : 3055729675574597004,
  "refs" : {
    "main" : { "snapshot-id" : 3055729675574597004, "type" : "branch" },
    "audit" : { "snapshot-id" : 3051729675574597004, "type" : "branch", "min-snapshots-to-keep" : 2,
      "max-snapshot-age-ms" : 86400000 },
    "month-end" : { "snapshot-id" : 3051729675574597004, "type" : "tag", "max-ref-age-ms" : 604800000 }
  },
  "snapshots" : [ {
    "sequence-number" : 33,
    "snapshot-id" : 3051729675574597004,
    "timestamp-ms" : 1515100955770,
    "summary" : { "operation" : "append", "trino_query_id" : "20180104_212235_00001_abcde", "added-records" : "1" },
    "manifest-list" : "s3://lake/silver/visits/metadata/snap-3051729675574597004-1-a.avro",
    "schema-id" : 0
  }, {
    "sequence-number" : 34,
    "snapshot-id" : 3055729675574597004,
    "parent-snapshot-id" : 3051729675574597004,
    "timestamp-ms" : 1555100955770,
    "summary" : { "operation" : "overwrite", "total-records" : "3" },
    "manifest-list" : "s3://lake/silver/visits/metadata/snap-3055729675574597004-1-b.avro",
    "schema-id" : 1
  } ],
  "statistics" : [ {
    "snapshot-id" : 3055729675574597004,
    "statistics-path" : "s3://lake/silver/visits/metadata/c.stats",
    "file-size-in-bytes" : 413,
    "file-footer-size-in-bytes" : 42,
    "blob-metadata" : [ { "type" : "apache-datasketches-theta-v1", "snapshot-id" : 3055729675574597004,
      "sequence-number" : 34, "fields" : [ 1 ], "properties" : { "ndv" : "3" } } ]
  } ],
  "partition-statistics" : [ {
    "snapshot-id" : 3051729675574597004,
    "statistics-path" : "s3://lake/silver/visits/metadata/partition-stats.parquet",
    "file-size-in-bytes" : 1043
  } ],
  "snapshot-log" : [
    { "timestamp-ms" : 1515100955770, "snapshot-id" : 3051729675574597004 },
    { "timestamp-ms" : 1555100955770, "snapshot-id" : 3055729675574597004 }
  ],
  "metadata-log" : [
    { "timestamp-ms" : 1515100955770, "metadata-file" : "s3://lake/silver/visits/metadata/00001-d.metadata.json" }
  ],
  "a-member-of-the-future" : { "number" : 9007199254740993 }
}`;

/** As PyIceberg writes it: other order, empty identifier ids, and no current snapshot while the table is empty. */
export const pyIcebergMetadata =
  '{"location":"s3://lake/silver/people/","table-uuid":"0d4dbd2b-7b6f-4a6e-9d4f-0a4b8e2f8d52",' +
  '"last-updated-ms":1700000000123,"last-column-id":2,"schemas":[{"type":"struct","fields":[' +
  '{"id":1,"name":"name","type":"string","required":false},{"id":2,"name":"amount","type":"decimal(9, 2)",' +
  '"required":false}],"schema-id":0,"identifier-field-ids":[]}],"current-schema-id":0,"partition-specs":[' +
  '{"spec-id":0,"fields":[{"source-id":1,"field-id":1000,"transform":"truncate[4]","name":"name_trunc_4"}]}],' +
  '"default-spec-id":0,"last-partition-id":1000,"properties":{},"snapshots":[],"snapshot-log":[],"metadata-log":[],' +
  '"sort-orders":[{"order-id":0,"fields":[]}],"default-sort-order-id":0,"refs":{},"statistics":[],' +
  '"format-version":2,"last-sequence-number":0}';
