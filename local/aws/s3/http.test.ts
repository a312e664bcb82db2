import { describe, expect, it } from "vitest";
import { decodeRequest } from "./http.ts";

const request = (method: string, path: string, headers: Readonly<Record<string, string>>, query = "") => ({
  method,
  path,
  headers,
  query: new URLSearchParams(query),
  body: Buffer.alloc(0),
});

describe("requests of other SDKs", () => {
  it("takes the C++ SDK's version of the API, and its content type on a request without content", () => {
    const headers = { "x-amz-api-version": "2006-03-01", "content-type": "application/xml" };
    expect(decodeRequest(request("HEAD", "/lake/a/b.avro", headers))).toEqual({
      operation: "HeadObject",
      input: { Bucket: "lake", Key: "a/b.avro" },
    });
  });

  it("takes what the Java SDK's users ask for and what is so anyway", () => {
    const put = request("PUT", "/lake/a", { "x-amz-storage-class": "STANDARD" });
    expect(decodeRequest(put).input).toEqual({ Bucket: "lake", Key: "a", Body: Buffer.alloc(0) });
    const list = request("GET", "/lake", { "x-amz-optional-object-attributes": "RestoreStatus" }, "list-type=2");
    expect(decodeRequest(list)).toEqual({ operation: "ListObjectsV2", input: { Bucket: "lake" } });
  });

  it("takes the first version of listing, which boto3's resources use", () => {
    expect(decodeRequest(request("GET", "/lake", {}, "prefix=a/&marker=a/1&encoding-type=url"))).toEqual({
      operation: "ListObjects",
      input: { Bucket: "lake", Prefix: "a/", Marker: "a/1", EncodingType: "url" },
    });
  });

  it("refuses by name what is not", () => {
    const cold = request("PUT", "/lake/a", { "x-amz-storage-class": "GLACIER" });
    expect(() => decodeRequest(cold)).toThrow("s3:PutObject with x-amz-storage-class");
    const more = request("GET", "/lake", { "x-amz-optional-object-attributes": "Other" }, "list-type=2");
    expect(() => decodeRequest(more)).toThrow("s3:ListObjectsV2 with x-amz-optional-object-attributes");
    for (const [query, asked] of [
      ["uploads", "?uploads"],
      ["acl", "?acl"],
      ["list-type=3&prefix=a", "?list-type&prefix"],
    ])
      expect(() => decodeRequest(request("GET", "/lake", {}, query))).toThrow(`s3 GET bucket ${asked}`);
  });
});
