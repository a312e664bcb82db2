import * as sdk from "@aws-sdk/client-athena";
import { expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

/** What Athena has and the local one has not: made by the estate, or another product than SQL on AwsDataCatalog. */
const REFUSED = [
  "CancelCapacityReservation",
  "CreateCapacityReservation",
  "CreateDataCatalog",
  "CreateNotebook",
  "CreatePresignedNotebookUrl",
  "CreateWorkGroup",
  "DeleteCapacityReservation",
  "DeleteDataCatalog",
  "DeleteNotebook",
  "DeleteWorkGroup",
  "ExportNotebook",
  "GetCalculationExecution",
  "GetCalculationExecutionCode",
  "GetCalculationExecutionStatus",
  "GetCapacityAssignmentConfiguration",
  "GetCapacityReservation",
  "GetNotebookMetadata",
  "GetResourceDashboard",
  "GetSession",
  "GetSessionEndpoint",
  "GetSessionStatus",
  "ImportNotebook",
  "ListApplicationDPUSizes",
  "ListCalculationExecutions",
  "ListCapacityReservations",
  "ListExecutors",
  "ListNotebookMetadata",
  "ListNotebookSessions",
  "ListSessions",
  "PutCapacityAssignmentConfiguration",
  "StartCalculationExecution",
  "StartSession",
  "StopCalculationExecution",
  "TerminateSession",
  "UpdateCapacityReservation",
  "UpdateDataCatalog",
  "UpdateNotebook",
  "UpdateNotebookMetadata",
];

/** Sends an operation without a member: only its name decides. */
async function answerOf(operation: string, { endpoint }: { readonly endpoint: string }): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AmazonAthena.${operation}`,
      authorization:
        "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/athena/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: "{}",
  });
  return response.text();
}

test("every operation of the service's model is served, or refused by its name", async () => {
  const bench: Bench = await startBench();
  const address = await bench.athena.config.endpoint?.();
  const { protocol, hostname, port } = address ?? { protocol: "", hostname: "", port: "" };
  const operations = Object.keys(sdk)
    .filter((name) => /^[A-Z]\w+Command$/.test(name))
    .map((name) => name.replace(/Command$/, ""))
    .sort();
  const refused: string[] = [];
  for (const operation of operations) {
    const said = await answerOf(operation, { endpoint: `${protocol}//${hostname}:${port}/` });
    if (said.includes(`The local runtime does not implement athena:${operation}"`)) refused.push(operation);
    else expect(said).not.toContain("UnknownOperationException");
  }
  expect(refused).toEqual(REFUSED);
  await bench.stop();
});
