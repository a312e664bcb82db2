import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "./defaults.ts";
import { under } from "./policy.ts";

/** Arguments of {@link PrivateBucket}. */
export interface PrivateBucketArgs {
  /** Physical name. */
  readonly bucketName: pulumi.Input<string>;
  /** KMS key for every object. */
  readonly keyArn: pulumi.Input<string>;
  /** Days after which objects under a prefix (with its `/`, or "" for all) expire. Default: nothing expires. */
  readonly expireAfterDays?: Readonly<Record<string, number>>;
  /** Days that a replaced or deleted version is kept. @default 30 */
  readonly noncurrentDays?: number;
  /** First key to delete data: with it and the stack's `disposable`, destroy empties the bucket. @default false */
  readonly removable?: boolean;
  /** Second key: the stack's `disposable`. */
  readonly disposable: boolean;
}

const defaults = { expireAfterDays: {} as Readonly<Record<string, number>>, noncurrentDays: 30, removable: false };

/** A bucket nobody outside can reach: KMS, versions, TLS only, no public access, no ACLs, and no leftovers of uploads. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:PrivateBucket", name, {}, opts);
    const { bucketName, keyArn, expireAfterDays, noncurrentDays, removable, disposable } = withDefaults(args, defaults);
    const mayGo = removable && disposable;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: bucketName, forceDestroy: mayGo },
      { parent: this, protect: !mayGo },
    );
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    this.closeToThePublic(name);
    this.encrypt(name, keyArn);
    const versioning = this.keepVersions(name);
    this.expire(name, expireAfterDays, noncurrentDays, versioning);
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  private closeToThePublic(name: string): void {
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: this.name,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: this.name, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    // S3 answers a conflict when the two bucket-level settings change at once.
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: this.name, policy: tlsOnly(this.arn) },
      { parent: this, dependsOn: [block] },
    );
  }

  private encrypt(name: string, keyArn: pulumi.Input<string>): void {
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: this.name,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: this },
    );
  }

  private keepVersions(name: string): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: this.name, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  private expire(
    name: string,
    expireAfterDays: Readonly<Record<string, number>>,
    noncurrentDays: number,
    versioning: pulumi.Resource,
  ): void {
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: this.name,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            // Of what is gone for good the marker goes too: listings would get slower and slower.
            expiration: { expiredObjectDeleteMarker: true },
            noncurrentVersionExpiration: { noncurrentDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          ...Object.entries(expireAfterDays).map(([prefix, days]) => ({
            id: `expire-${prefix.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, "") || "all"}`,
            status: "Enabled",
            filter: { prefix },
            expiration: { days },
          })),
        ],
      },
      // A rule on old versions is refused while the bucket keeps none.
      { parent: this, dependsOn: [versioning] },
    );
  }
}

/** Denies everything that does not come over TLS. A Deny may name all actions: it takes, it does not give. */
function tlsOnly(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, under(bucketArn, "*")],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
