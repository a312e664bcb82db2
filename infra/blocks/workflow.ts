import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./policy.ts";
import { ServiceRole } from "./service-role.ts";

/** Arguments of {@link Workflow}. */
export interface WorkflowArgs {
  /** Physical name of the state machine. */
  readonly workflowName: string;
  readonly account: pulumi.Input<string>;
  /** Amazon States Language, as an object. */
  readonly definition: pulumi.Input<object>;
  readonly grants: readonly Grant[];
  readonly schedule: {
    /** Physical name. */
    readonly scheduleName: string;
    readonly description: string;
    /** `cron(...)` or `rate(...)`, in UTC. */
    readonly expression: string;
    /** Input of each execution; may hold `<aws.scheduler.scheduled-time>`. */
    readonly input: Readonly<Record<string, string>>;
  };
}

/** A standard Step Functions workflow that a schedule starts; each of the two has a role of its own. */
export class Workflow extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly scheduleName: pulumi.Output<string>;

  constructor(name: string, args: WorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:Workflow", name, {}, opts);
    this.arn = this.createMachine(name, args).arn;
    this.scheduleName = this.createSchedule(name, args).name;
    this.registerOutputs({ arn: this.arn, scheduleName: this.scheduleName });
  }

  private createMachine(name: string, args: WorkflowArgs): aws.sfn.StateMachine {
    const role = new ServiceRole(
      `${name}-machine`,
      {
        roleName: `${args.workflowName}-role`,
        service: "states.amazonaws.com",
        description: `What the workflow ${args.workflowName} may do`,
        sourceAccount: args.account,
        grants: args.grants,
      },
      { parent: this },
    );
    return new aws.sfn.StateMachine(
      `${name}-workflow`,
      {
        name: args.workflowName,
        type: "STANDARD",
        roleArn: role.arn,
        definition: pulumi.jsonStringify(args.definition),
      },
      { parent: this },
    );
  }

  private createSchedule(name: string, { workflowName, account, schedule }: WorkflowArgs): aws.scheduler.Schedule {
    const role = new ServiceRole(
      `${name}-schedule`,
      {
        roleName: `${workflowName}-schedule-role`,
        service: "scheduler.amazonaws.com",
        description: `Starts ${workflowName} by the clock`,
        sourceAccount: account,
        grants: [{ sid: "StartWorkflow", actions: ["states:StartExecution"], resources: [this.arn] }],
      },
      { parent: this },
    );
    return new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        name: schedule.scheduleName,
        description: schedule.description,
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: this.arn, roleArn: role.arn, input: JSON.stringify(schedule.input) },
      },
      { parent: this },
    );
  }
}
