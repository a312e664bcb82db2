import {
  GetWorkGroupCommand,
  ListEngineVersionsCommand,
  ListWorkGroupsCommand,
  UpdateWorkGroupCommand,
  type UpdateWorkGroupCommandInput,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queriesOf } from "./api-fixture.ts";
import { account, type Bench, graph, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const { ended, start } = queriesOf(() => bench);
const update = (input: Omit<UpdateWorkGroupCommandInput, "WorkGroup">, WorkGroup = "primary") =>
  bench.athena.send(new UpdateWorkGroupCommand({ WorkGroup, ...input }));
const look = async (WorkGroup = "primary") =>
  (await bench.athena.send(new GetWorkGroupCommand({ WorkGroup }))).WorkGroup;

describe("workgroups", () => {
  test("there is always a primary workgroup, whose clients say where results go", async () => {
    const { WorkGroups } = await bench.athena.send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name, State, Description }) => [Name, State, Description])).toEqual([
      ["primary", "ENABLED", ""],
      ["wg", "ENABLED", ""],
    ]);
    const { WorkGroup } = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "primary" }));
    expect(WorkGroup?.Configuration).toMatchObject({
      ResultConfiguration: {},
      EnforceWorkGroupConfiguration: false,
      EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
    });
    const primary = { QueryString: "SELECT 1 AS one", WorkGroup: "primary" };
    await expect(start(primary)).rejects.toThrow("No output location provided");
    const there = await ended(
      await start({ ...primary, ResultConfiguration: { OutputLocation: "s3://results/mine" } }),
    );
    expect(there?.ResultConfiguration?.OutputLocation).toBe(`s3://results/mine/${there?.QueryExecutionId}.csv`);
    const enforced = await ended(
      await start({ QueryString: "SELECT 1 AS one", ResultConfiguration: { OutputLocation: "s3://lake/mine" } }),
    );
    expect(enforced?.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/out\//);
    await expect(start({ QueryString: "SELECT 1", WorkGroup: "nobody" })).rejects.toThrow("WorkGroup is not found.");
  });

  test("versions of the engine come in pages", async () => {
    const first = await bench.athena.send(new ListEngineVersionsCommand({ MaxResults: 1 }));
    const { NextToken } = first;
    const second = await bench.athena.send(new ListEngineVersionsCommand({ NextToken }));
    expect([...(first.EngineVersions ?? []), ...(second.EngineVersions ?? [])]).toEqual([
      { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
      { SelectedEngineVersion: "Athena engine version 3", EffectiveEngineVersion: "Athena engine version 3" },
    ]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe("a change of a workgroup", () => {
  const primary = { QueryString: "SELECT 1 AS one", WorkGroup: "primary" };

  test("holds for the queries after it, and Remove takes a setting away", async () => {
    await update({
      Description: "everybody's",
      ConfigurationUpdates: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfigurationUpdates: { OutputLocation: "s3://results/all" },
      },
    });
    const { Description, Configuration } = (await look()) ?? {};
    expect([Description, Configuration?.BytesScannedCutoffPerQuery]).toEqual(["everybody's", 10_000_000]);
    const client = { OutputLocation: "s3://lake/mine" };
    const enforced = await ended(await start({ ...primary, ResultConfiguration: client }));
    expect(enforced?.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/all\//);
    await update({ ConfigurationUpdates: { EnforceWorkGroupConfiguration: false } });
    const chosen = await ended(await start({ ...primary, ResultConfiguration: client }));
    expect(chosen?.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/lake\/mine\//);
    await update({
      ConfigurationUpdates: {
        RemoveBytesScannedCutoffPerQuery: true,
        ResultConfigurationUpdates: { RemoveOutputLocation: true, OutputLocation: "s3://results/never" },
      },
    });
    expect((await look())?.Configuration).toMatchObject({ ResultConfiguration: {} });
    expect((await look())?.Configuration?.BytesScannedCutoffPerQuery).toBeUndefined();
    await expect(start(primary)).rejects.toThrow("No output location provided");
    await update({ State: "DISABLED" });
    await expect(start(primary)).rejects.toThrow("WorkGroup primary is disabled.");
    await update({ State: "ENABLED" });
  });

  test("outlives the runtime, until the graph declares the workgroup in another way", async () => {
    await update({ Description: "by hand", ConfigurationUpdates: { RequesterPaysEnabled: true } }, "wg");
    const { home } = bench;
    await bench.stop(true);
    bench = await startBench(home);
    const { Description, Configuration } = (await look("wg")) ?? {};
    expect([Description, Configuration?.RequesterPaysEnabled]).toEqual(["by hand", true]);
    await bench.stop(true);
    const resources = graph.resources.map((resource) =>
      resource.name === "wg" ? { ...resource, inputs: { ...resource.inputs, description: "declared" } } : resource,
    );
    bench = await startBench(home, { ...graph, resources });
    const again = await look("wg");
    expect([again?.Description, again?.Configuration?.RequesterPaysEnabled]).toEqual(["declared", false]);
  });

  test("is asked for, and refused where nothing would follow it", async () => {
    bench.denied.add("athena:UpdateWorkGroup");
    await expect(update({ Description: "x" })).rejects.toThrow("athena:UpdateWorkGroup");
    bench.denied.clear();
    const settings = (ConfigurationUpdates: UpdateWorkGroupCommandInput["ConfigurationUpdates"]) =>
      update({ ConfigurationUpdates });
    await expect(settings({ BytesScannedCutoffPerQuery: 9_999_999 })).rejects.toThrow("at least 10000000 bytes");
    await expect(settings({ ExecutionRole: "arn:aws:iam::1:role/r" })).rejects.toThrow("with ExecutionRole");
    await expect(settings({ EngineVersion: { SelectedEngineVersion: "PySpark engine version 3" } })).rejects.toThrow(
      "athena engine PySpark engine version 3",
    );
    const SSE_S3 = { EncryptionOption: "SSE_S3" } as const;
    await expect(settings({ ResultConfigurationUpdates: { EncryptionConfiguration: SSE_S3 } })).rejects.toThrow(
      "another EncryptionConfiguration",
    );
    await expect(
      settings({ ResultConfigurationUpdates: { AclConfiguration: { S3AclOption: "BUCKET_OWNER_FULL_CONTROL" } } }),
    ).rejects.toThrow("with AclConfiguration");
    await expect(settings({ ResultConfigurationUpdates: { OutputLocation: "results" } })).rejects.toThrow(
      "not a valid S3 path",
    );
    await expect(update({}, "nobody")).rejects.toThrow("WorkGroup is not found.");
  });
});

describe("a client's own result settings", () => {
  const place = { OutputLocation: "s3://results/mine" };
  const primary = { QueryString: "SELECT 1 AS one", WorkGroup: "primary" };

  test("the expected owner of the bucket is compared with the account", async () => {
    const owner = (ExpectedBucketOwner: string) => ({
      ...primary,
      ResultConfiguration: { ...place, ExpectedBucketOwner },
    });
    const done = await ended(await start(owner(account)));
    expect([done?.Status?.State, done?.ResultConfiguration?.ExpectedBucketOwner]).toEqual(["SUCCEEDED", account]);
    await expect(start(owner("999999999999"))).rejects.toThrow("Unable to verify/create output bucket results");
  });

  test("what would not be followed is refused by name, and not looked at where the workgroup insists", async () => {
    const kms = { EncryptionOption: "SSE_KMS", KmsKey: "k" } as const;
    const asked = { ...place, EncryptionConfiguration: kms, ExpectedBucketOwner: "999999999999" };
    await expect(start({ ...primary, ResultConfiguration: asked })).rejects.toThrow("with EncryptionConfiguration");
    const acl = { S3AclOption: "BUCKET_OWNER_FULL_CONTROL" } as const;
    await expect(start({ ...primary, ResultConfiguration: { ...place, AclConfiguration: acl } })).rejects.toThrow(
      "with AclConfiguration",
    );
    const enforced = await ended(await start({ QueryString: "SELECT 1 AS one", ResultConfiguration: asked }));
    expect(enforced?.Status?.State).toBe("SUCCEEDED");
  });
});
