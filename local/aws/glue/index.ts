import { S3Files } from "../athena/tables/iceberg-files.ts";
import { onlyMembers, requiredText } from "../members.ts";
import type { Call, Operation, ServiceFactory } from "../service.ts";
import { catalogueAccess } from "./access.ts";
import { StoredCatalogue } from "./catalogue.ts";
import { declareTables } from "./declare.ts";
import { declaredTables } from "./declared-tables.ts";
import { icebergCreation } from "./iceberg-creation.ts";
import { makeIcebergTable } from "./iceberg-maker.ts";
import { partitionOperations } from "./partition-operations.ts";
import { PartitionStore } from "./partitions.ts";
import { qualityOperations } from "./quality.ts";
import { tableOperations } from "./table-operations.ts";
import { createTableSource } from "./table-source.ts";
import { databaseView } from "./views.ts";

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
  const partitions = new PartitionStore(home);
  ports.catalogue = catalogue;
  const created = new Date(clock.now());
  const access = catalogueAccess(context, catalogue);
  const { own, page, paging } = access;

  const databases: Record<string, Operation> = {
    GetDatabase(input, call) {
      onlyMembers("glue:GetDatabase", input, ["Name", "CatalogId"]);
      own(input);
      const name = requiredText(input, "Name");
      catalogue.authorize(call, "glue:GetDatabase", name);
      return { Database: databaseView(catalogue.database(name), account, created) };
    },
    GetDatabases(input, call) {
      onlyMembers("glue:GetDatabases", input, paging);
      own(input);
      return page(
        input,
        catalogue.databaseNames(call).map((name) => databaseView(catalogue.database(name), account, created)),
        "DatabaseList",
      );
    },
  };

  return {
    name: "glue",
    binding: { protocol: "json", version: "1.1", target: "AWSGlue" },
    operations: {
      ...databases,
      ...tableOperations(access, partitions, (openTableFormat, tableInput, call) =>
        makeIcebergTable(
          new S3Files(ports.objects, call),
          icebergCreation(openTableFormat, tableInput),
          tableInput,
          clock.now(),
        ),
      ),
      ...partitionOperations(access, partitions),
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
