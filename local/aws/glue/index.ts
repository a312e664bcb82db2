import { S3Files } from "../athena/tables/iceberg-files.ts";
import type { Call, ServiceFactory } from "../service.ts";
import { catalogueAccess } from "./access.ts";
import { StoredCatalogue } from "./catalogue.ts";
import { databaseOperations } from "./database-operations.ts";
import { declareTables } from "./declare.ts";
import { declaredTables } from "./declared-tables.ts";
import { icebergCreation } from "./iceberg-creation.ts";
import { makeIcebergTable } from "./iceberg-maker.ts";
import { partitionOperations } from "./partition-operations.ts";
import { qualityOperations } from "./quality.ts";
import { tableOperations } from "./table-operations.ts";
import { createTableSource } from "./table-source.ts";

/** Whoever deploys the graph makes its tables; no role of the graph does. */
const deployment = (account: string): Call => ({
  principal: { roleArn: `arn:aws:iam::${account}:root`, sessionArn: `arn:aws:iam::${account}:root` },
  requestId: "00000000-0000-0000-0000-000000000000",
  authorize: () => undefined,
});

/** Glue's catalogue and data quality. Fills `ports.catalogue`. */
export const glue: ServiceFactory = (context) => {
  const { graph, home, clock, ports, account } = context;
  const declared = declaredTables(graph);
  const names = new Set(declared.map(({ database, name }) => `${database}.${name}`));
  const catalogue = new StoredCatalogue(graph, home, clock, names);
  ports.catalogue = catalogue;
  const access = catalogueAccess(context, catalogue);

  return {
    name: "glue",
    binding: { protocol: "json", version: "1.1", target: "AWSGlue" },
    operations: {
      ...databaseOperations(access),
      ...tableOperations(access, (openTableFormat, tableInput, call) =>
        makeIcebergTable(
          new S3Files(ports.objects, call),
          icebergCreation(openTableFormat, tableInput),
          tableInput,
          clock.now(),
        ),
      ),
      ...partitionOperations(access),
      ...qualityOperations(context, createTableSource(context)),
    },
    runs: [
      "aws:glue/catalogDatabase:CatalogDatabase",
      "aws:glue/catalogTable:CatalogTable",
      "aws:glue/dataQualityRuleset:DataQualityRuleset",
    ],
    start: () => declareTables(catalogue, declared, new S3Files(ports.objects, deployment(account)), clock.now()),
  };
};
