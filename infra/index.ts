import * as aws from "@pulumi/aws";
import { Access } from "./access.ts";
import { Alerts } from "./alerts.ts";
import { EncryptionKey } from "./blocks/encryption-key.ts";
import { loadConfig } from "./config.ts";
import { DomainBus } from "./domain-bus.ts";
import { Engagement } from "./engagement.ts";
import type { Estate } from "./estate.ts";
import { Lake } from "./lake.ts";
import { Observability } from "./observability.ts";
import { Refresh } from "./refresh.ts";

const config = loadConfig();
const account = aws.getCallerIdentityOutput().accountId;
const key = new EncryptionKey("data", {
  alias: `${config.prefix}-data`,
  description: "Events, tables, results, logs and messages of the customer 360",
  account,
  region: config.region,
  logGroupPrefix: `/aws/lambda/${config.prefix}-`,
});
const estate: Estate = { config, account, keyArn: key.arn };

const alertsTopicArn = new Alerts("on-call", estate).topicArn;
const lake = new Lake("lake", estate);
const bus = new DomainBus("domain", { estate, stream: lake.stream });
const refresh = new Refresh("customer-360", { estate, lake, alertsTopicArn });
const engagement = new Engagement("engagement", { estate, lake, bus, alertsTopicArn });
new Observability("watch", { estate, lake, refresh, engagement, alertsTopicArn });
const access = new Access("access", { estate, lake, refresh, engagement });

export const region = config.region;
export const database = lake.catalogue.database;
export const workgroup = lake.catalogue.workgroup;
export const streamName = lake.stream.name;
export const deliveryStreamName = lake.delivery.name;
export const busName = bus.name;
export const lakeBucket = lake.bucket.name;
export const resultsBucket = lake.results.name;
export const refreshStateMachineArn = refresh.workflow.arn;
export const refreshScheduleName = refresh.workflow.scheduleName;
export const activationFunctionName = engagement.activation.name;
export const segmentTopicArn = engagement.segmentTopic.arn;
export { alertsTopicArn };
export const configurationSetName = engagement.configurationSet;
export const senderAddress = engagement.senderAddress;
export const qualityRoleArn = refresh.qualityRole.arn;
export const roleArns = access.roleArns;
export const rulesetNames = lake.catalogue.rulesetNames;
