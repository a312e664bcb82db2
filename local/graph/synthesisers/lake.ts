import { arnOf, common, physicalName, type Synthesiser, sideResource, text, textOr, uuid } from "./synthesiser.ts";

const bucket: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName, "bucket");
  const region = textOr(inputs, "region", context.region);
  return {
    id: name,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      bucket: name,
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      bucketRegion: region,
    },
  };
};

const ofBucket = sideResource((inputs) => text(inputs, "bucket"));

const stream: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const arn = arnOf("kinesis", `stream/${name}`, inputs, context);
  return {
    id: arn,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn, retentionPeriod: inputs["retentionPeriod"] ?? 24 },
  };
};

const deliveryStream: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const arn = arnOf("firehose", `deliverystream/${name}`, inputs, context);
  return {
    id: arn,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      name,
      arn,
      destinationId: "destinationId-000000000001",
      versionId: "1",
    },
  };
};

const catalogDatabase: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const catalogId = textOr(inputs, "catalogId", context.account);
  return {
    id: `${catalogId}:${name}`,
    physicalName: name,
    outputs: { ...common(inputs, context), name, catalogId, arn: arnOf("glue", `database/${name}`, inputs, context) },
  };
};

const catalogTable: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const database = text(inputs, "databaseName");
  const catalogId = textOr(inputs, "catalogId", context.account);
  const id = `${catalogId}:${database}:${name}`;
  return {
    id,
    physicalName: id,
    outputs: {
      region: textOr(inputs, "region", context.region),
      name,
      catalogId,
      arn: arnOf("glue", `table/${database}/${name}`, inputs, context),
    },
  };
};

const dataQualityRuleset: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("glue", `dataQualityRuleset/${name}`, inputs, context) },
  };
};

const workgroup: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("athena", `workgroup/${name}`, inputs, context) },
  };
};

const namedQuery: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const id = uuid(`athena ${logicalName}`);
  return { id, physicalName: id, outputs: { region: textOr(inputs, "region", context.region), name } };
};

/** Where facts are kept and asked for: buckets, streams, catalogue, Athena. */
export const lake: Readonly<Record<string, Synthesiser>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:kinesis/stream:Stream": stream,
  "aws:kinesis/resourcePolicy:ResourcePolicy": sideResource((inputs) => text(inputs, "resourceArn")),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": deliveryStream,
  "aws:glue/catalogDatabase:CatalogDatabase": catalogDatabase,
  "aws:glue/catalogTable:CatalogTable": catalogTable,
  "aws:glue/dataQualityRuleset:DataQualityRuleset": dataQualityRuleset,
  "aws:athena/workgroup:Workgroup": workgroup,
  "aws:athena/namedQuery:NamedQuery": namedQuery,
};
