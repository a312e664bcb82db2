import { describe, expect, test } from "vitest";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { kms } from "./index.ts";

const arnOf = (id: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
const key = (id: string, inputs = {}) => resourceOf("aws:kms/key:Key", id, inputs, { arn: arnOf(id), keyId: id, id });
const alias = resourceOf(
  "aws:kms/alias:Alias",
  "alias",
  { name: "alias/lake", targetKeyId: "k1" },
  { arn: "arn:alias" },
);
const all = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
];
const user = roleOf("user", [{ Effect: "Allow", Action: all, Resource: arnOf("*") }]);
const reader = roleOf("reader", [{ Effect: "Allow", Action: "kms:Decrypt", Resource: arnOf("k2") }]);

const bench = (): Bench => benchOf(kms, [key("k1"), key("k2"), key("off", { isEnabled: false }), alias, user, reader]);
const bytes = (value: unknown): Buffer => {
  if (!(value instanceof Uint8Array)) throw new Error("no bytes");
  return Buffer.from(value);
};

describe("KMS", () => {
  test("what was encrypted under an alias decrypts, with the same context in any order", async () => {
    const { run } = bench();
    const context = { table: "items", tenant: "t1" };
    const sealed = await run(
      "Encrypt",
      { KeyId: "alias/lake", Plaintext: Buffer.from("secret"), EncryptionContext: context },
      "user",
    );
    expect(sealed["KeyId"]).toBe(arnOf("k1"));
    expect(bytes(sealed["CiphertextBlob"]).includes("secret")).toBe(false);
    const again = { CiphertextBlob: sealed["CiphertextBlob"], EncryptionContext: { tenant: "t1", table: "items" } };
    const opened = await run("Decrypt", again, "user");
    expect(bytes(opened["Plaintext"]).toString()).toBe("secret");
    const overTheWire = { ...again, CiphertextBlob: bytes(sealed["CiphertextBlob"]).toString("base64") };
    expect(bytes((await run("Decrypt", overTheWire, "user"))["Plaintext"]).toString()).toBe("secret");
  });

  test("another context, another key, a changed blob and a stranger are refused", async () => {
    const { run } = bench();
    const sealed = await run("Encrypt", { KeyId: "k1", Plaintext: Buffer.from("secret") }, "user");
    const CiphertextBlob = bytes(sealed["CiphertextBlob"]);
    const changed = Buffer.from(CiphertextBlob);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(run("Decrypt", { CiphertextBlob, EncryptionContext: { a: "b" } }, "user")).rejects.toMatchObject({
      code: "InvalidCiphertextException",
    });
    await expect(run("Decrypt", { CiphertextBlob: changed }, "user")).rejects.toMatchObject({
      code: "InvalidCiphertextException",
    });
    await expect(run("Decrypt", { CiphertextBlob: Buffer.from("x") }, "user")).rejects.toMatchObject({
      code: "InvalidCiphertextException",
    });
    await expect(run("Decrypt", { CiphertextBlob, KeyId: "k2" }, "user")).rejects.toMatchObject({
      code: "IncorrectKeyException",
    });
    await expect(run("Decrypt", { CiphertextBlob }, "reader")).rejects.toMatchObject({ code: "AccessDeniedException" });
  });

  test("a data key comes in the clear and sealed, or sealed only", async () => {
    const { run } = bench();
    const both = await run("GenerateDataKey", { KeyId: "k1", KeySpec: "AES_256" }, "user");
    expect(bytes(both["Plaintext"])).toHaveLength(32);
    const opened = await run("Decrypt", { CiphertextBlob: both["CiphertextBlob"] }, "user");
    expect(bytes(opened["Plaintext"])).toEqual(bytes(both["Plaintext"]));
    const sealed = await run("GenerateDataKeyWithoutPlaintext", { KeyId: "k1", NumberOfBytes: 64 }, "user");
    expect(sealed["Plaintext"]).toBeUndefined();
    expect(
      bytes((await run("Decrypt", { CiphertextBlob: sealed["CiphertextBlob"] }, "user"))["Plaintext"]),
    ).toHaveLength(64);
  });

  test("DescribeKey, a disabled key, an unknown key", async () => {
    const { run } = bench();
    const { KeyMetadata } = await run("DescribeKey", { KeyId: "alias/lake" }, "user");
    expect(KeyMetadata).toMatchObject({
      Arn: arnOf("k1"),
      KeyId: "k1",
      KeyState: "Enabled",
      KeySpec: "SYMMETRIC_DEFAULT",
    });
    const Plaintext = Buffer.from("x");
    await expect(run("Encrypt", { KeyId: "off", Plaintext }, "user")).rejects.toMatchObject({
      code: "DisabledException",
    });
    await expect(run("Encrypt", { KeyId: "none", Plaintext }, "user")).rejects.toThrow("Key 'none' does not exist");
    await expect(run("Encrypt", { KeyId: "k1", Plaintext: Buffer.alloc(4097) }, "user")).rejects.toThrow(
      "1 to 4096 bytes",
    );
  });

  test("what is not implemented is refused by name", async () => {
    await expect(bench().run("Encrypt", { KeyId: "k1", GrantTokens: ["t"] }, "user")).rejects.toThrow(
      "kms:Encrypt with GrantTokens",
    );
    expect(() => benchOf(kms, [key("k1", { customerMasterKeySpec: "RSA_2048" })])).toThrow(
      "aws:kms/key:Key customerMasterKeySpec RSA_2048 (k1)",
    );
  });
});
