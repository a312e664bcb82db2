import { Readable } from "node:stream";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, describe, expect, test } from "vitest";
import { AwsError, type Call, type HttpRequest, type Service, type Shape } from "../aws/service.ts";
import { allowed, denied, kinesis, principal, start, stopAll } from "./fixture.ts";
import { listen } from "./server.ts";

afterEach(stopAll);

describe("AwsJson over HTTP/2", () => {
  test("a time travels as seconds, bytes as base64", async () => {
    let seen: Shape = {};
    const service = kinesis({
      PutRecords(input, call) {
        call.authorize("kinesis:PutRecords", "*");
        seen = input;
        return { FailedRecordCount: 0, Records: [{ SequenceNumber: "1", ShardId: "s" }] };
      },
      DescribeStreamSummary(_input, call) {
        call.authorize("kinesis:DescribeStreamSummary", "*");
        return { StreamDescriptionSummary: { StreamName: "x", StreamCreationTimestamp: new Date(1_291_161_600_500) } };
      },
    });
    const { config, meter } = await start([service]);
    const client = new KinesisClient(config);
    await client.send(
      new PutRecordsCommand({ StreamName: "x", Records: [{ Data: Buffer.from("hey"), PartitionKey: "p" }] }),
    );
    expect(seen).toEqual({ StreamName: "x", Records: [{ Data: "aGV5", PartitionKey: "p" }] });
    const described = await client.send(new DescribeStreamSummaryCommand({ StreamName: "x" }));
    expect(described.StreamDescriptionSummary?.StreamCreationTimestamp).toEqual(new Date(1_291_161_600_500));
    client.destroy();
    expect(meter.readings().map(({ operation, calls, errors }) => [operation, calls, errors])).toEqual([
      ["DescribeStreamSummary", 1, 0],
      ["PutRecords", 1, 0],
    ]);
    expect(meter.readings()[1]?.bytesIn).toBe(JSON.stringify(seen).length);
  });

  test("a 5 MiB body arrives whole", async () => {
    let size = 0;
    const service = kinesis({
      PutRecords(input, call) {
        call.authorize("kinesis:PutRecords", "*");
        size = JSON.stringify(input).length;
        return { FailedRecordCount: 0, Records: [] };
      },
    });
    const { config } = await start([service]);
    const client = new KinesisClient(config);
    const Records = Array.from({ length: 5 }, () => ({ Data: Buffer.alloc(1024 ** 2), PartitionKey: "p" }));
    await client.send(new PutRecordsCommand({ StreamName: "x", Records }));
    client.destroy();
    expect(size).toBeGreaterThan(6_990_000);
  });

  test("an error has the service's own name", async () => {
    const service = kinesis({
      PutRecords() {
        throw new AwsError("ResourceNotFoundException", "Stream x not found");
      },
    });
    const client = new KinesisClient((await start([service])).config);
    const failure = client.send(new PutRecordsCommand({ StreamName: "x", Records: [] }));
    await expect(failure).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Stream x not found" });
    client.destroy();
  });

  test("a full disk is said to whoever asked, whichever service met it, and not tried again", async () => {
    let calls = 0;
    const service = kinesis({
      PutRecords() {
        calls += 1;
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      },
    });
    const client = new KinesisClient({ ...(await start([service])).config, maxAttempts: 3 });
    const failure = client.send(new PutRecordsCommand({ StreamName: "x", Records: [] }));
    await expect(failure).rejects.toMatchObject({ name: "InsufficientStorage", $metadata: { httpStatusCode: 507 } });
    client.destroy();
    expect(calls).toBe(1);
  });

  test("an operation that asks for no permission is an error of the runtime", async () => {
    const { config, logged } = await start([kinesis({ PutRecords: () => ({}) })]);
    const client = new KinesisClient(config);
    await expect(client.send(new PutRecordsCommand({ StreamName: "x", Records: [] }))).rejects.toMatchObject({
      name: "InternalFailure",
      message: expect.stringContaining("kinesis:PutRecords answered without having authorised anything"),
    });
    client.destroy();
    expect(logged).toEqual([
      "kinesis:PutRecords failed inside: kinesis:PutRecords answered without having authorised anything",
    ]);
  });

  test("what is not implemented is refused by name", async () => {
    const { config } = await start([kinesis({})]);
    const client = new KinesisClient(config);
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName: "x" }))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: "The local runtime does not implement kinesis:DescribeStreamSummary",
    });
    client.destroy();
    const events = new EventBridgeClient(config);
    await expect(events.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
      name: "NotImplementedLocally",
      message: "The local runtime does not implement the service events; it refuses rather than guess.",
    });
  });

  test("unknown keys, other regions and unsigned requests are refused", async () => {
    const { config } = await start([kinesis({})]);
    const stranger = new KinesisClient({ ...config, credentials: { accessKeyId: "OTHER", secretAccessKey: "x" } });
    await expect(stranger.send(new DescribeStreamSummaryCommand({}))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    stranger.destroy();
    const abroad = new KinesisClient({ ...config, region: "us-east-1" });
    await expect(abroad.send(new DescribeStreamSummaryCommand({}))).rejects.toThrow(
      "the region us-east-1 (the stack's is eu-west-1)",
    );
    abroad.destroy();
    const unsigned = await fetch(config.endpoint, { method: "POST" });
    expect([unsigned.status, unsigned.headers.get("x-amzn-errortype")]).toEqual([403, "MissingAuthenticationToken"]);
    const presigned = await fetch(`${config.endpoint}/bucket/key?X-Amz-Signature=abc`);
    expect(await presigned.text()).toContain("does not implement presigned URLs");
  });
});

const topicArn = "arn:aws:sns:eu-west-1:123456789012:t";

describe("query", () => {
  const sns = (operation: Service["operations"][string]): Service => ({
    name: "sns",
    binding: { protocol: "query", xmlns: "http://sns.amazonaws.com/doc/2010-03-31/" },
    operations: { Publish: operation },
    runs: [],
  });

  test("a service that does not run is named in XML too", async () => {
    const { config } = await start([]);
    await expect(new SNSClient(config).send(new PublishCommand({ Message: "x" }))).rejects.toMatchObject({
      name: "NotImplementedLocally",
      message: "The local runtime does not implement the service sns; it refuses rather than guess.",
    });
  });

  test("nested members arrive as objects and the answer is XML", async () => {
    let seen: Shape = {};
    const { config } = await start([
      sns((input, call) => {
        call.authorize("sns:Publish", topicArn);
        seen = input;
        return { MessageId: "a<&>b" };
      }),
    ]);
    const published = await new SNSClient(config).send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: "ü & <x>",
        MessageAttributes: { campaign: { DataType: "String", StringValue: "spring" } },
      }),
    );
    expect(published.MessageId).toBe("a<&>b");
    expect(seen).toEqual({
      TopicArn: topicArn,
      Message: "ü & <x>",
      MessageAttributes: { campaign: { DataType: "String", StringValue: "spring" } },
    });
  });

  test("a denial is SNS's AuthorizationError", async () => {
    const service = sns((_input, call) => {
      call.authorize("sns:Publish", topicArn);
      return {};
    });
    const { config } = await start([service], { call: denied });
    await expect(
      new SNSClient(config).send(new PublishCommand({ TopicArn: topicArn, Message: "x" })),
    ).rejects.toMatchObject({
      name: "AuthorizationErrorException",
      message: `User: ${principal.sessionArn} is not authorized to perform: sns:Publish on resource: ${topicArn}`,
      $metadata: { httpStatusCode: 403 },
    });
  });
});

test("REST-JSON takes labels, headers and raw payloads, and answers with them", async () => {
  let seen: Shape = {};
  const path = "/2015-03-31/functions/{FunctionName}/invocations";
  const lambda: Service = {
    name: "lambda",
    binding: {
      protocol: "rest-json",
      routes: [
        {
          method: "POST",
          path,
          operation: "Invoke",
          payload: "Payload",
          headers: { "x-amz-invocation-type": "InvocationType" },
          answer: { headers: { "x-amz-function-error": "FunctionError" }, status: "StatusCode" },
        },
      ],
    },
    operations: {
      Invoke(input, call) {
        call.authorize("lambda:InvokeFunction", "*");
        seen = input;
        return { StatusCode: 202, FunctionError: "Unhandled", Payload: Buffer.from('{"errorMessage":"no"}') };
      },
    },
    runs: [],
  };
  const { config } = await start([lambda]);
  const FunctionName = "arn:aws:lambda:eu-west-1:123456789012:function:f";
  const answer = await new LambdaClient(config).send(
    new InvokeCommand({ FunctionName, InvocationType: "RequestResponse", Payload: Buffer.from("[1]") }),
  );
  expect(seen).toEqual({ FunctionName, InvocationType: "RequestResponse", Payload: Buffer.from("[1]") });
  expect([answer.StatusCode, answer.FunctionError, answer.Payload?.transformToString()]).toEqual([
    202,
    "Unhandled",
    '{"errorMessage":"no"}',
  ]);
});

describe("http", () => {
  const s3 = (handle: (request: HttpRequest, call: Call) => Promise<{ status: number }>): Service => ({
    name: "s3",
    binding: { protocol: "http", handle },
    operations: {},
    runs: [],
  });

  test("a streamed body comes without its framing", async () => {
    let body = "";
    let checksum: string | undefined;
    const { config, meter } = await start([
      s3(async (request, call) => {
        call.authorize("s3:PutObject", "*");
        body = request.body.toString();
        checksum = request.headers["x-amz-checksum-crc32"];
        return { status: 200 };
      }),
    ]);
    const content = "z".repeat(200_000);
    const stream = Readable.from([content.slice(0, 70_000), content.slice(70_000)]);
    await new S3Client(config).send(
      new PutObjectCommand({ Bucket: "b", Key: "k é", Body: stream, ContentLength: content.length }),
    );
    expect(body).toBe(content);
    expect(checksum).toMatch(/^[\w+/]{6}==$/);
    expect(meter.readings().map(({ operation }) => operation)).toEqual(["PutObject"]);
  });

  test("a denial is S3's AccessDenied", async () => {
    const service = s3(async (_request, call) => {
      call.authorize("s3:PutObject", "arn:aws:s3:::b/k");
      return { status: 200 };
    });
    const { config } = await start([service], { call: denied });
    await expect(
      new S3Client(config).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" })),
    ).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
  });
});

test("in process the same permissions hold", async () => {
  const service = kinesis({
    DescribeStreamSummary(input, call) {
      call.authorize("kinesis:DescribeStreamSummary", "*");
      return input;
    },
  });
  const { gateway, meter } = await start([service]);
  expect(await gateway.dispatch("kinesis", "DescribeStreamSummary", { StreamName: "x" }, allowed)).toEqual({
    StreamName: "x",
  });
  await expect(gateway.dispatch("kinesis", "DescribeStreamSummary", {}, denied)).rejects.toMatchObject({
    code: "AccessDeniedException",
  });
  await expect(gateway.dispatch("kinesis", "toString", {}, allowed)).rejects.toMatchObject({
    code: "UnknownOperationException",
  });
  expect(meter.trace().map(({ via, error }) => [via, error])).toEqual([
    ["process", undefined],
    ["process", "AccessDeniedException"],
  ]);
});

test("a port in use is told with advice", async () => {
  const { config } = await start([]);
  const port = Number(new URL(config.endpoint).port);
  await expect(listen(port, async () => "broken")).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use; stop what uses it or choose another port`,
  );
});
