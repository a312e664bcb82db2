import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { isObject } from "../members.ts";
import { type LifecycleRule, readLifecycle } from "./lifecycle-rules.ts";

/** A bucket of the graph with what its side resources say about it. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** Keeps old versions. */
  readonly versioned: boolean;
  /** Default encryption under a KMS key. */
  readonly encryption?: { readonly keyArn: string; readonly bucketKey: boolean };
  /** Enabled rules. */
  readonly lifecycle: readonly LifecycleRule[];
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Reads the buckets of the graph, each with its versioning, default encryption and lifecycle. */
export function readBuckets(graph: ResourceGraph): ReadonlyMap<string, Bucket> {
  const sideResource = (kind: string, bucket: string): GraphResource | undefined =>
    graph.resources.find(
      (resource) => resource.type === `aws:s3/${kind}` && (text(resource.outputs["bucket"]) ?? resource.id) === bucket,
    );
  const buckets = new Map<string, Bucket>();
  for (const resource of graph.resources) {
    if (resource.type !== "aws:s3/bucket:Bucket") continue;
    const name = text(resource.outputs["bucket"]) ?? resource.id;
    const versioning = sideResource("bucketVersioning:BucketVersioning", name)?.inputs["versioningConfiguration"];
    const encryption = readEncryption(
      graph,
      sideResource("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", name),
    );
    const lifecycle = sideResource("bucketLifecycleConfiguration:BucketLifecycleConfiguration", name)?.inputs;
    buckets.set(name, {
      name,
      arn: `arn:aws:s3:::${name}`,
      versioned: isObject(versioning) && versioning["status"] === "Enabled",
      ...(encryption && { encryption }),
      lifecycle: readLifecycle(lifecycle ?? {}),
    });
  }
  return buckets;
}

function readEncryption(graph: ResourceGraph, configuration: GraphResource | undefined): Bucket["encryption"] {
  const rules = configuration?.inputs["rules"];
  const rule: unknown = Array.isArray(rules) ? rules[0] : undefined;
  if (!isObject(rule)) return undefined;
  const byDefault = rule["applyServerSideEncryptionByDefault"];
  if (!isObject(byDefault) || byDefault["sseAlgorithm"] !== "aws:kms") return undefined;
  const key = text(byDefault["kmsMasterKeyId"]);
  if (key === undefined) return undefined;
  return { keyArn: keyArnOf(graph, key), bucketKey: rule["bucketKeyEnabled"] === true };
}

/** ARN of the KMS key that a resource names by ARN, id or alias. */
export function keyArnOf(graph: ResourceGraph, key: string): string {
  if (key.startsWith("arn:") && key.includes(":key/")) return key;
  const alias = key.slice(key.indexOf("alias/"));
  for (const resource of graph.resources) {
    if (resource.type === "aws:kms/key:Key" && (resource.id === key || resource.outputs["keyId"] === key)) {
      return text(resource.outputs["arn"]) ?? key;
    }
    if (resource.type === "aws:kms/alias:Alias" && resource.outputs["name"] === alias) {
      return text(resource.outputs["targetKeyArn"]) ?? key;
    }
  }
  return key;
}
