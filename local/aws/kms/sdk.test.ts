import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { kms } from "./index.ts";

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k1`;
let served: Served;
let client: KMSClient;

beforeAll(async () => {
  const actions = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"];
  served = await serve(kms, [
    resourceOf("aws:kms/key:Key", "key", {}, { arn: KEY, keyId: "k1", id: "k1" }),
    roleOf("user", [{ Effect: "Allow", Action: actions, Resource: KEY }]),
  ]);
  client = new KMSClient(served.as("user"));
});
afterAll(() => served.close());

test("bytes travel both ways", async () => {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from("sécret") }));
  const { Plaintext, KeyId } = await client.send(new DecryptCommand({ CiphertextBlob }));
  expect([Buffer.from(Plaintext ?? []).toString(), KeyId]).toEqual(["sécret", KEY]);
  const dataKey = await client.send(new GenerateDataKeyCommand({ KeyId: KEY, KeySpec: "AES_256" }));
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob }));
  expect(opened.Plaintext).toEqual(dataKey.Plaintext);
});

test("errors carry the modelled names", async () => {
  await expect(client.send(new DescribeKeyCommand({ KeyId: "none" }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
  const CiphertextBlob = Buffer.from("rubbish");
  await expect(client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
    name: "InvalidCiphertextException",
  });
});
