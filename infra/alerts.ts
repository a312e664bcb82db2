import * as pulumi from "@pulumi/pulumi";
import { Topic } from "./blocks/topic.ts";
import type { Estate } from "./estate.ts";

/** The topic that whoever is on call subscribes to. */
export class Alerts extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, { config, account, keyArn }: Estate, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Alerts", name, {}, opts);
    const source = (service: string, path: string) =>
      pulumi.interpolate`arn:aws:${service}:${config.region}:${account}:${path}`;
    this.topicArn = new Topic(
      `${name}-alerts`,
      {
        topicName: `${config.prefix}-alerts`,
        displayName: "Something in the lake needs a person",
        keyArn,
        publishers: [
          { service: "cloudwatch.amazonaws.com", sourceArn: source("cloudwatch", `alarm:${config.prefix}-*`) },
          { service: "events.amazonaws.com", sourceArn: source("events", `rule/${config.prefix}-*`) },
        ],
      },
      { parent: this },
    ).arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
