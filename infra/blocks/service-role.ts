import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, policyOf } from "./policy.ts";

/** Arguments of {@link ServiceRole}. */
export interface ServiceRoleArgs {
  /** Physical name of the role. */
  readonly roleName: string;
  /** Who assumes it, e.g. `firehose.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  readonly grants: readonly Grant[];
  /**
   * Account on whose behalf the service must act (`aws:SourceAccount`, against the confused deputy). Leave it out for
   * `lambda.amazonaws.com`, which assumes execution roles without these keys. Default: no condition.
   */
  readonly sourceAccount?: pulumi.Input<string>;
  /** ARN, `*` allowed, of the resource the service must act for (`aws:SourceArn`). Default: no condition. */
  readonly sourceArn?: pulumi.Input<string>;
}

/** A role that one AWS service assumes, with one policy that says all it may do. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:ServiceRole", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: args.roleName, description: args.description, assumeRolePolicy: trustOf(args) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: "grants", role: role.name, policy: policyOf(args.grants) },
      { parent: this },
    );
    // Whoever gets the ARN from here waits for the policy too: services check their role when they are made.
    this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}

function trustOf({ service, sourceAccount, sourceArn }: ServiceRoleArgs): pulumi.Output<string> {
  const condition = {
    ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
  };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
      },
    ],
  });
}
