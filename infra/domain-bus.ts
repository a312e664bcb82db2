import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allContracts, eventBridgeSchema } from "../ingest/contracts/index.ts";
import type { EventStream } from "./blocks/event-stream.ts";
import { ServiceRole } from "./blocks/service-role.ts";
import type { Estate } from "./estate.ts";

/** Arguments of {@link DomainBus}. */
export interface DomainBusArgs {
  readonly estate: Estate;
  /** Takes every published event on to the lake. */
  readonly stream: EventStream;
}

/** The bus of the domain events, the schemas that say what travels on it, and the rule that copies all of it to the lake. */
export class DomainBus extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { estate, stream }: DomainBusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:DomainBus", name, {}, opts);
    const bus = new aws.cloudwatch.EventBus(
      `${name}-bus`,
      { name: `${estate.config.prefix}-domain-events`, description: "Facts that services publish, as CloudEvents" },
      { parent: this },
    );
    this.name = bus.name;
    this.arn = bus.arn;
    this.publishSchemas(name, estate);
    this.copyToLake(name, estate, stream);
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  private publishSchemas(name: string, { config }: Estate): void {
    const registry = new aws.schemas.Registry(
      `${name}-registry`,
      { name: `${config.prefix}-domain-events`, description: "Contracts of the domain events" },
      { parent: this },
    );
    for (const contract of allContracts) {
      const schema = eventBridgeSchema(contract);
      new aws.schemas.Schema(
        `${name}-${contract.partition}-schema`,
        {
          registryName: registry.name,
          name: schema.name,
          type: schema.type,
          description: schema.description,
          content: schema.content,
        },
        { parent: this },
      );
    }
  }

  private copyToLake(name: string, { config, account, keyArn }: Estate, stream: EventStream): void {
    const ruleName = `${config.prefix}-domain-events-to-lake`;
    const role = new ServiceRole(
      `${name}-to-lake`,
      {
        roleName: `${ruleName}-role`,
        service: "events.amazonaws.com",
        description: "Puts the bus's events on the stream",
        sourceAccount: account,
        grants: [
          { sid: "PutOnStream", actions: ["kinesis:PutRecord"], resources: [stream.arn] },
          { sid: "UseKey", actions: ["kms:GenerateDataKey"], resources: [keyArn] },
        ],
      },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-to-lake-rule`,
      {
        name: ruleName,
        description: "Every published domain event",
        eventBusName: this.name,
        eventPattern: JSON.stringify({ "detail-type": allContracts.map(({ type }) => type) }),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-to-lake-target`,
      {
        rule: rule.name,
        eventBusName: this.name,
        targetId: "lake",
        arn: stream.arn,
        roleArn: role.arn,
        // The stream carries the CloudEvent itself; one subject's events stay in order.
        inputPath: "$.detail",
        kinesisTarget: { partitionKeyPath: "$.detail.subject" },
      },
      { parent: this },
    );
  }
}
