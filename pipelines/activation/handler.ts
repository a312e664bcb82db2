import { AthenaClient } from "@aws-sdk/client-athena";
import { S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { runRows } from "../../analytics/client/rows.ts";
import { segmentNamed } from "../../analytics/segments/index.ts";
import { environment } from "../shared/environment.ts";
import { CampaignLedger } from "./ledger.ts";
import { memberOf, membersQuery } from "./members.ts";
import { createMailClient, sendMessage } from "./messages.ts";
import { parseRequest } from "./request.ts";
import { type Activation, activate, announcement } from "./run.ts";

const names = [
  "DATABASE",
  "WORKGROUP",
  "LAKE_BUCKET",
  "EXPORTS_PREFIX",
  "TOPIC_ARN",
  "CONFIGURATION_SET",
  "SENDER",
  "TEMPLATE_PREFIX",
] as const;
const env = environment(...names);
const athena = new AthenaClient({});
const ses = createMailClient();
const sns = new SNSClient({});
const sender = {
  from: env.SENDER,
  configurationSet: env.CONFIGURATION_SET,
  templatePrefix: env.TEMPLATE_PREFIX,
};
const ledger = new CampaignLedger(new S3Client({}), env.LAKE_BUCKET, env.EXPORTS_PREFIX);

/** The part of Lambda's context that this function uses. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Time that a member in work may still take. */
const RESERVE_MS = 20_000;

interface Answer extends Activation {
  readonly segment: string;
  readonly campaign: string;
  readonly asOf: string | null;
  /** Key of the export in the lake; null for a dry run and for a segment without a row. */
  readonly exportKey: string | null;
}

/** Exports a segment: its campaign to the members who may be written to, each once ever; call again while `remaining` > 0. */
export async function handler(input: unknown, context: Context): Promise<Answer> {
  const { segment: name, asOf: wanted, dryRun = false } = parseRequest(input);
  const segment = segmentNamed(name);
  const { campaign } = segment;
  const [{ rows }, known] = await Promise.all([
    runRows(athena, { sql: membersQuery(segment.name, wanted), database: env.DATABASE, workgroup: env.WORKGROUP }),
    ledger.read(campaign.id),
  ]);
  const asOf = rows[0]?.[0] ?? wanted ?? null;
  const { counts, rows: exported } = await activate(
    rows.map(memberOf),
    known,
    {
      claim: (customerId) => ledger.claim(campaign.id, customerId),
      release: (customerId) => ledger.release(campaign.id, customerId),
      send: (member, to) => sendMessage(ses, sender, campaign, member, to),
      announce: async (member) => {
        await sns.send(
          new PublishCommand({
            TopicArn: env.TOPIC_ARN,
            Message: JSON.stringify(announcement(segment, campaign, asOf ?? "", member)),
            MessageAttributes: {
              segment: { DataType: "String", StringValue: segment.name },
              change: { DataType: "String", StringValue: member.change },
            },
          }),
        );
      },
      settle: (customerId, messageId) => ledger.settle(campaign.id, customerId, messageId),
      timeLeft: () => context.getRemainingTimeInMillis() > RESERVE_MS,
    },
    dryRun,
  );
  const exportKey = dryRun || asOf === null ? null : await ledger.export(campaign.id, asOf, exported);
  return { segment: segment.name, campaign: campaign.id, asOf, exportKey, ...counts };
}
