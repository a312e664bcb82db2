import { resource } from "../kinesis/fixture.ts";

export const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k1";

/** Two buckets: a plain one, and one with versions and a key. */
export const resources = [
  resource("aws:s3/bucket:Bucket", "plain", "arn:aws:s3:::plain", { bucket: "plain" }),
  resource("aws:s3/bucket:Bucket", "kept", "arn:aws:s3:::kept", { bucket: "kept" }),
  resource("aws:s3/bucketVersioning:BucketVersioning", "versioning", "", {
    bucket: "kept",
    versioningConfiguration: { status: "Enabled" },
  }),
  resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", "", {
    bucket: "kept",
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ],
  }),
];
