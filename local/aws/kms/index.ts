import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GraphResource } from "../../graph/resource.ts";
import { resolveKeyArn } from "../../iam/keys.ts";
import { objectIn, onlyMembers, optionalText } from "../members.ts";
import {
  AwsError,
  type Call,
  NotImplementedLocally,
  type Operation,
  type Service,
  type ServiceContext,
  type ServiceFactory,
  type Shape,
} from "../service.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

/** A ciphertext blob: magic, key id (36 bytes, padded), IV, tag, data. */
const MAGIC = Buffer.from("LK1");
const KEY_ID_BYTES = 36;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + IV_BYTES + TAG_BYTES;
const MAX_PLAINTEXT_BYTES = 4096;

/** AWS KMS: symmetric keys and aliases of the graph, AES-256-GCM with a key kept in the home. */
export const kms: ServiceFactory = (context): Service => {
  for (const resource of context.graph.resources) if (resource.type === KEY) checkKey(resource);

  const encrypt: Operation = (input, call) => {
    onlyMembers("kms:Encrypt", input, ["KeyId", "Plaintext", "EncryptionContext", "EncryptionAlgorithm"]);
    const key = usableKey(context, input, call, "kms:Encrypt");
    const plaintext = bytesOf(input["Plaintext"], "Plaintext");
    if (plaintext.length === 0 || plaintext.length > MAX_PLAINTEXT_BYTES) {
      throw new AwsError(
        "ValidationException",
        `Plaintext must have 1 to ${MAX_PLAINTEXT_BYTES} bytes, it has ${plaintext.length}`,
      );
    }
    return {
      KeyId: key.arn,
      CiphertextBlob: seal(context, key, plaintext, input),
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    };
  };

  const decrypt: Operation = (input, call) => {
    onlyMembers("kms:Decrypt", input, ["KeyId", "CiphertextBlob", "EncryptionContext", "EncryptionAlgorithm"]);
    const blob = bytesOf(input["CiphertextBlob"], "CiphertextBlob");
    if (blob.length < HEADER_BYTES || !blob.subarray(0, MAGIC.length).equals(MAGIC)) throw invalidCiphertext();
    const id = blob
      .subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES)
      .toString()
      .trimEnd();
    const key = usableKey(context, { ...input, KeyId: id }, call, "kms:Decrypt");
    const named = optionalText(input, "KeyId");
    if (named !== undefined && resolveKeyArn(context.graph, named) !== key.arn) {
      const message = "The key ID in the request does not identify a CMK that can perform this operation.";
      throw new AwsError("IncorrectKeyException", message);
    }
    return { KeyId: key.arn, Plaintext: open(context, key, blob, input), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
  };

  const dataKey =
    (operation: string, keepsPlaintext: boolean): Operation =>
    (input, call) => {
      onlyMembers(`kms:${operation}`, input, ["KeyId", "KeySpec", "NumberOfBytes", "EncryptionContext"]);
      const key = usableKey(context, input, call, `kms:${operation}`);
      const plaintext = randomBytes(dataKeyBytes(input));
      const CiphertextBlob = seal(context, key, plaintext, input);
      return { KeyId: key.arn, CiphertextBlob, ...(keepsPlaintext ? { Plaintext: plaintext } : {}) };
    };

  const describeKey: Operation = (input, call) => {
    onlyMembers("kms:DescribeKey", input, ["KeyId"]);
    const arn = resolveKeyArn(context.graph, optionalText(input, "KeyId") ?? "");
    call.authorize("kms:DescribeKey", arn, { "kms:CallerAccount": context.account });
    const key = keyOf(context, arn);
    return {
      KeyMetadata: {
        AWSAccountId: context.account,
        KeyId: key.id,
        Arn: arn,
        Description: key.description,
        Enabled: key.enabled,
        KeyState: key.enabled ? "Enabled" : "Disabled",
        KeyUsage: "ENCRYPT_DECRYPT",
        KeySpec: "SYMMETRIC_DEFAULT",
        KeyManager: "CUSTOMER",
        Origin: "AWS_KMS",
        MultiRegion: false,
        EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      },
    };
  };

  return {
    name: "kms",
    binding: { protocol: "json", version: "1.1", target: "TrentService" },
    operations: {
      Encrypt: encrypt,
      Decrypt: decrypt,
      GenerateDataKey: dataKey("GenerateDataKey", true),
      GenerateDataKeyWithoutPlaintext: dataKey("GenerateDataKeyWithoutPlaintext", false),
      DescribeKey: describeKey,
    },
    runs: [KEY, ALIAS],
  };
};

interface Key {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly enabled: boolean;
}

function checkKey({ name, inputs }: GraphResource): void {
  const spec = inputs["customerMasterKeySpec"] ?? "SYMMETRIC_DEFAULT";
  if (spec !== "SYMMETRIC_DEFAULT") throw new NotImplementedLocally(`${KEY} customerMasterKeySpec ${spec} (${name})`);
  const usage = inputs["keyUsage"] ?? "ENCRYPT_DECRYPT";
  if (usage !== "ENCRYPT_DECRYPT") throw new NotImplementedLocally(`${KEY} keyUsage ${usage} (${name})`);
}

function keyOf(context: ServiceContext, arn: string): Key {
  const resource = context.graph.resources.find((it) => it.type === KEY && it.outputs["arn"] === arn);
  return {
    arn,
    id: arn.slice(arn.indexOf(":key/") + ":key/".length),
    description: String(resource?.inputs["description"] ?? ""),
    enabled: resource?.inputs["isEnabled"] !== false,
  };
}

/** The key that a request names, authorised for the caller and enabled. */
function usableKey(context: ServiceContext, input: Shape, call: Call, action: string): Key {
  const algorithm = input["EncryptionAlgorithm"] ?? "SYMMETRIC_DEFAULT";
  if (algorithm !== "SYMMETRIC_DEFAULT") throw new NotImplementedLocally(`${action} EncryptionAlgorithm ${algorithm}`);
  const arn = resolveKeyArn(context.graph, optionalText(input, "KeyId") ?? "");
  const pairs = Object.entries(objectIn(input["EncryptionContext"]) ?? {});
  call.authorize(action, arn, {
    "kms:CallerAccount": context.account,
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, String(value)])),
    ...(pairs.length === 0 ? {} : { "kms:EncryptionContextKeys": pairs.map(([name]) => name) }),
  });
  const key = keyOf(context, arn);
  if (!key.enabled) throw new AwsError("DisabledException", `${arn} is disabled.`);
  return key;
}

function dataKeyBytes(input: Shape): number {
  const { KeySpec, NumberOfBytes } = input;
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  const bytes =
    KeySpec === undefined
      ? Number(NumberOfBytes)
      : KeySpec === "AES_256"
        ? 32
        : KeySpec === "AES_128"
          ? 16
          : Number.NaN;
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > 1024)
    throw new AwsError("ValidationException", "A data key has 1 to 1024 bytes.");
  return bytes;
}

function seal(context: ServiceContext, key: Key, plaintext: Uint8Array, input: Shape): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", material(context, key), iv);
  cipher.setAAD(additionalData(input));
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([MAGIC, Buffer.from(key.id.padEnd(KEY_ID_BYTES)), iv, cipher.getAuthTag(), data]);
}

function open(context: ServiceContext, key: Key, blob: Buffer, input: Shape): Buffer {
  const ivAt = MAGIC.length + KEY_ID_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", material(context, key), blob.subarray(ivAt, ivAt + IV_BYTES));
  decipher.setAAD(additionalData(input));
  decipher.setAuthTag(blob.subarray(ivAt + IV_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(HEADER_BYTES)), decipher.final()]);
  } catch (error) {
    throw Object.assign(invalidCiphertext(), { cause: error });
  }
}

/** The key's own bytes: made when first used, readable by the user only, never shown. */
function material(context: ServiceContext, key: Key): Buffer {
  const file = join(context.home, `${key.id}.key`);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return readFileSync(file);
}

/** The encryption context is part of what is authenticated, whatever the order of its pairs. */
function additionalData(input: Shape): Buffer {
  const pairs = Object.entries(objectIn(input["EncryptionContext"]) ?? {});
  return Buffer.from(JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Bytes of a request: as they are in process, base64 over the wire. */
function bytesOf(value: unknown, name: string): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === "string") return Buffer.from(value, "base64");
  throw new AwsError("ValidationException", `${name} is missing`);
}

function invalidCiphertext(): AwsError {
  return new AwsError("InvalidCiphertextException", "");
}
