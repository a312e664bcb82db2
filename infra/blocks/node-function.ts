import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundle } from "./bundle.ts";
import { withDefaults } from "./defaults.ts";
import type { Grant } from "./policy.ts";
import { ServiceRole } from "./service-role.ts";

/** Arguments of {@link NodeFunction}. */
export interface NodeFunctionArgs {
  /** Physical name of the function; its role is `<functionName>-role`. */
  readonly functionName: string;
  readonly description: string;
  /** File that exports `handler`, from the project's root. */
  readonly handler: string;
  /** What the code may do besides writing its log. */
  readonly grants: readonly Grant[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** MB; CPU grows with it (1,769 MB is one core). @default 512 */
  readonly memoryMb?: number;
  /** Most executions at one time. Default: the account's limit. */
  readonly reservedConcurrency?: number;
  readonly logRetentionDays: number;
  /** KMS key of the log. */
  readonly keyArn: pulumi.Input<string>;
  /** SNS topic that is told about events given up after all retries. For functions that are invoked asynchronously. */
  readonly failureTopicArn?: pulumi.Input<string>;
}

const defaults = {
  timeoutSeconds: 60,
  memoryMb: 512,
  environment: {} as Readonly<Record<string, pulumi.Input<string>>>,
};

/** A Lambda function on Node 24 from one TypeScript file: its own bundle, role and encrypted log with an end date. */
export class NodeFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: NodeFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:NodeFunction", name, {}, opts);
    const settings = withDefaults(args, defaults);
    const logs = this.createLog(name, args);
    const role = this.createRole(name, args, logs);
    const lambda = new aws.lambda.Function(
      `${name}-function`,
      {
        name: settings.functionName,
        description: settings.description,
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: bundle(settings.handler),
        timeout: settings.timeoutSeconds,
        memorySize: settings.memoryMb,
        reservedConcurrentExecutions: settings.reservedConcurrency,
        environment: { variables: settings.environment },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      },
      { parent: this },
    );
    this.arn = lambda.arn;
    this.name = lambda.name;
    this.tellFailures(name, args.failureTopicArn);
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  private createLog(name: string, args: NodeFunctionArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { name: `/aws/lambda/${args.functionName}`, retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
      { parent: this },
    );
  }

  private createRole(name: string, args: NodeFunctionArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    const grants: Grant[] = [
      {
        sid: "WriteLog",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${logs.arn}:*`],
      },
      ...args.grants,
    ];
    if (args.failureTopicArn !== undefined) {
      grants.push({ sid: "TellFailures", actions: ["sns:Publish"], resources: [args.failureTopicArn] });
    }
    return new ServiceRole(
      name,
      {
        roleName: `${args.functionName}-role`,
        service: "lambda.amazonaws.com",
        description: `Execution role of ${args.functionName}`,
        grants,
      },
      { parent: this },
    );
  }

  private tellFailures(name: string, failureTopicArn: pulumi.Input<string> | undefined): void {
    if (failureTopicArn === undefined) return;
    new aws.lambda.FunctionEventInvokeConfig(
      `${name}-failures`,
      {
        functionName: this.name,
        maximumRetryAttempts: 2,
        destinationConfig: { onFailure: { destination: failureTopicArn } },
      },
      { parent: this },
    );
  }
}
