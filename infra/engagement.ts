import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { segments } from "../analytics/segments/index.ts";
import { NodeFunction } from "./blocks/node-function.ts";
import { under } from "./blocks/policy.ts";
import { Topic } from "./blocks/topic.ts";
import type { DomainBus } from "./domain-bus.ts";
import type { Estate } from "./estate.ts";
import { askAthena, listFolders } from "./grants.ts";
import { FOLDERS, type Lake } from "./lake.ts";

/** Arguments of {@link Engagement}. */
export interface EngagementArgs {
  readonly estate: Estate;
  readonly lake: Lake;
  readonly bus: DomainBus;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Tables that say who is in a segment and whom one may write to; consent and suppression are in the customer's row. */
const ACTIVATION_TABLES = ["segment_members", "customer_360"];

/** From segments to people: topic, e-mail identity, templates, the sender, and what comes back from mailboxes. */
export class Engagement extends pulumi.ComponentResource {
  readonly segmentTopic: Topic;
  readonly senderAddress: string;
  readonly configurationSet: pulumi.Output<string>;
  readonly activation: NodeFunction;
  readonly feedback: NodeFunction;
  readonly #identityArn: pulumi.Output<string>;
  readonly #configurationSetArn: pulumi.Output<string>;
  readonly #templateArns: pulumi.Output<string>[];

  constructor(name: string, args: EngagementArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Engagement", name, {}, opts);
    const { estate } = args;
    this.senderAddress = `offers@${estate.config.senderDomain}`;
    this.segmentTopic = this.createTopic(name, estate);
    const set = this.createConfigurationSet(name, estate);
    this.configurationSet = set.configurationSetName;
    this.#configurationSetArn = set.arn;
    this.#identityArn = this.createIdentity(name, estate).arn;
    this.#templateArns = this.createTemplates(name, estate);
    this.activation = this.createActivation(name, args);
    this.feedback = this.createFeedback(name, args);
    this.registerOutputs({ segmentTopic: this.segmentTopic.arn, configurationSet: this.configurationSet });
  }

  private createTopic(name: string, { config, keyArn }: Estate): Topic {
    return new Topic(
      `${name}-segments`,
      { topicName: `${config.prefix}-segments`, displayName: "Customers who entered or left a segment", keyArn },
      { parent: this },
    );
  }

  private createConfigurationSet(name: string, { config, account }: Estate): aws.sesv2.ConfigurationSet {
    const set = new aws.sesv2.ConfigurationSet(
      `${name}-campaigns`,
      {
        configurationSetName: `${config.prefix}-campaigns`,
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      },
      { parent: this },
    );
    new aws.sesv2.ConfigurationSetEventDestination(
      `${name}-campaign-events`,
      {
        configurationSetName: set.configurationSetName,
        eventDestinationName: "default-bus",
        eventDestination: {
          enabled: true,
          matchingEventTypes: ["DELIVERY", "OPEN", "CLICK", "BOUNCE", "COMPLAINT"],
          // SES delivers to the account's default bus only.
          eventBridgeDestination: {
            eventBusArn: pulumi.interpolate`arn:aws:events:${config.region}:${account}:event-bus/default`,
          },
        },
      },
      { parent: this },
    );
    return set;
  }

  private createIdentity(name: string, { config }: Estate): aws.sesv2.EmailIdentity {
    return new aws.sesv2.EmailIdentity(
      `${name}-sender`,
      { emailIdentity: config.senderDomain, configurationSetName: this.configurationSet },
      { parent: this },
    );
  }

  private createTemplates(name: string, { config }: Estate): pulumi.Output<string>[] {
    return segments.map(
      ({ campaign }) =>
        new aws.ses.Template(
          `${name}-${campaign.templateName}-template`,
          {
            name: `${config.prefix}-${campaign.templateName}`,
            subject: campaign.subject,
            html: campaign.html,
            text: campaign.text,
          },
          { parent: this },
        ).arn,
    );
  }

  private createActivation(name: string, { estate, lake, alertsTopicArn }: EngagementArgs): NodeFunction {
    const { config, keyArn } = estate;
    const exported = under(lake.bucket.arn, `${FOLDERS.exports}*`);
    return new NodeFunction(
      `${name}-activation`,
      {
        functionName: `${config.prefix}-activation`,
        description: "Sends a segment's campaign: once per person, with consent, to addresses that work",
        handler: "pipelines/activation/handler.ts",
        environment: {
          DATABASE: config.database,
          WORKGROUP: lake.catalogue.workgroup,
          LAKE_BUCKET: lake.bucket.name,
          EXPORTS_PREFIX: FOLDERS.exports,
          TOPIC_ARN: this.segmentTopic.arn,
          CONFIGURATION_SET: this.configurationSet,
          SENDER: this.senderAddress,
          TEMPLATE_PREFIX: `${config.prefix}-`,
        },
        timeoutSeconds: 900,
        // One at a time: two runs of a campaign would only fight for the same claims.
        reservedConcurrency: 1,
        logRetentionDays: config.logRetentionDays,
        keyArn,
        failureTopicArn: alertsTopicArn,
        grants: [
          ...askAthena({
            lake,
            estate,
            tables: ACTIVATION_TABLES,
            folders: [FOLDERS.gold],
            readsRows: true,
          }),
          { sid: "KeepClaims", actions: ["s3:PutObject", "s3:GetObject"], resources: [exported] },
          // A claim goes back when SES has certainly sent nothing.
          {
            sid: "ReleaseClaims",
            actions: ["s3:DeleteObject"],
            resources: [under(lake.bucket.arn, `${FOLDERS.exports}claims/*`)],
          },
          listFolders("ListClaims", lake.bucket, [FOLDERS.exports]),
          {
            sid: "SendCampaigns",
            actions: ["ses:SendEmail"],
            resources: [this.#identityArn, this.#configurationSetArn, ...this.#templateArns],
          },
          { sid: "TellSegments", actions: ["sns:Publish"], resources: [this.segmentTopic.arn] },
        ],
      },
      { parent: this },
    );
  }

  private createFeedback(name: string, { estate, bus, alertsTopicArn }: EngagementArgs): NodeFunction {
    const { config, keyArn } = estate;
    const feedback = new NodeFunction(
      `${name}-feedback`,
      {
        functionName: `${config.prefix}-email-feedback`,
        description: "Makes domain events of what SES reports about messages",
        handler: "pipelines/activation/feedback-handler.ts",
        environment: { BUS_NAME: bus.name },
        logRetentionDays: config.logRetentionDays,
        keyArn,
        failureTopicArn: alertsTopicArn,
        grants: [{ sid: "PublishEvents", actions: ["events:PutEvents"], resources: [bus.arn] }],
      },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-feedback-rule`,
      {
        name: `${config.prefix}-email-feedback`,
        description: "What SES reports about the campaigns' messages",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.ses"],
          detail: { mail: { tags: { "ses:configuration-set": [this.configurationSet] } } },
        }),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-feedback-target`,
      { rule: rule.name, targetId: "feedback", arn: feedback.arn },
      { parent: this },
    );
    new aws.lambda.Permission(
      `${name}-feedback-permission`,
      {
        function: feedback.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    return feedback;
  }
}
