import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ServiceFactory } from "../service.ts";
import { readBuckets } from "./buckets.ts";
import { handleS3 } from "./http.ts";
import { Lifecycle } from "./lifecycle.ts";
import { listingOperations } from "./listing.ts";
import { multipartOperations } from "./multipart.ts";
import { objectOperations } from "./objects.ts";
import { FileObjectStore } from "./store.ts";

/** S3 on plain files. Fills `ports.objects`. */
export const s3: ServiceFactory = (context) => {
  const store = new FileObjectStore(context.home, context.clock, context.region, readBuckets(context.graph));
  const uploads = join(context.home, ".uploads");
  mkdirSync(uploads, { recursive: true });
  context.ports.objects = store;
  const operations = {
    ...objectOperations(store, context.account),
    ...listingOperations(store),
    ...multipartOperations(store, uploads, context.clock),
  };
  const { clock, log } = context;
  const lifecycles = store
    .buckets()
    .filter(({ lifecycle }) => lifecycle.length > 0)
    .map((bucket) => new Lifecycle(bucket, { store, uploads, clock, log }));
  return {
    name: "s3",
    binding: { protocol: "http", handle: (request, call) => handleS3(operations, request, call) },
    operations,
    runs: [
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketVersioning:BucketVersioning",
      // Decided by IAM on every call.
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ],
    ignores: {
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":
        "the endpoint is on loopback and answers signed calls of the graph's roles only",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "there is one account and there are no ACLs",
    },
    async start() {
      for (const lifecycle of lifecycles) lifecycle.start();
    },
    async stop() {
      for (const lifecycle of lifecycles) lifecycle.stop();
      store.close();
    },
  };
};
