import { deliver, type Failure } from "../deliver.ts";
import type { Call, ServiceContext, Shape } from "../service.ts";
import type { Delivery, Journal } from "./journal.ts";
import type { Rule, Target } from "./rules.ts";

/** Names the service on the calls it makes. */
const principal = "events.amazonaws.com";

/** Brings events to targets: at least once, again on the clock when a target fails, to the dead letters at the end. */
export class Deliveries {
  readonly #context: ServiceContext;
  readonly #journal: Journal;
  /** Puts an event on another bus of this account; its own id and time stay. */
  readonly #forward: (busArn: string, event: Shape, call: Call) => void;

  constructor(context: ServiceContext, journal: Journal, forward: (busArn: string, event: Shape, call: Call) => void) {
    this.#context = context;
    this.#journal = journal;
    this.#forward = forward;
  }

  /** Begins a delivery; its first attempt counts as work in flight. */
  begin(delivery: Delivery, rule: Rule, target: Target): void {
    const { clock } = this.#context;
    const send = () => this.#send(delivery, rule, target);
    const end = async (failure: Failure | undefined) => {
      if (failure === undefined) this.#context.metric("AWS/Events", "Invocations", { RuleName: rule.name }, 1);
      else await this.#giveUp(delivery, rule, target, failure);
      this.#journal.done(delivery.id);
    };
    void clock.work(() => deliver(clock, target, delivery.accepted, send, end));
  }

  async #send(delivery: Delivery, rule: Rule, target: Target): Promise<void> {
    const { event } = delivery;
    const { dispatch } = this.#context;
    const call =
      target.roleArn === undefined
        ? this.#context.servicePrincipal(principal, rule.arn)
        : this.#context.assume(target.roleArn, principal, rule.arn);
    const body = target.write(event, {
      ruleArn: rule.arn,
      ruleName: rule.name,
      ingestionTime: new Date(delivery.accepted).toISOString(),
    });
    switch (target.service) {
      case "kinesis": {
        const key = target.partitionKey?.(event) ?? event["id"];
        await dispatch(
          "kinesis",
          "PutRecord",
          { StreamARN: target.arn, Data: Buffer.from(body), PartitionKey: String(key) },
          call,
        );
        return;
      }
      case "lambda":
        await dispatch(
          "lambda",
          "Invoke",
          { FunctionName: target.arn, InvocationType: "Event", Payload: Buffer.from(body) },
          call,
        );
        return;
      case "states":
        await dispatch("states", "StartExecution", { stateMachineArn: target.arn, input: body }, call);
        return;
      case "sns":
        await dispatch("sns", "Publish", { TopicArn: target.arn, Message: body }, call);
        return;
      case "sqs":
        await this.#queue(target.arn, body, target.messageGroupId, {}, call);
        return;
      default:
        this.#forward(target.arn, event, call);
    }
  }

  async #giveUp(delivery: Delivery, rule: Rule, target: Target, { code, message, retries }: Failure): Promise<void> {
    this.#context.metric("AWS/Events", "FailedInvocations", { RuleName: rule.name }, 1);
    this.#context.log("an event could not be delivered", {
      rule: rule.name,
      target: target.id,
      event: delivery.event["id"],
      code,
      message,
    });
    if (target.deadLetterArn !== undefined) {
      const attributes = Object.fromEntries(
        Object.entries({
          ERROR_CODE: code,
          ERROR_MESSAGE: message,
          RULE_ARN: rule.arn,
          TARGET_ARN: target.arn,
          RETRY_ATTEMPTS: String(retries),
        }).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      );
      try {
        const call = this.#context.servicePrincipal(principal, rule.arn);
        await this.#queue(
          target.deadLetterArn,
          JSON.stringify(delivery.event),
          undefined,
          { MessageAttributes: attributes },
          call,
        );
      } catch (error) {
        this.#context.log("an event could not be kept with the dead letters", {
          rule: rule.name,
          error: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  async #queue(arn: string, body: string, group: string | undefined, more: Shape, call: Call): Promise<void> {
    const [, , , region, account, name] = arn.split(":");
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    await this.#context.dispatch(
      "sqs",
      "SendMessage",
      { QueueUrl, MessageBody: body, ...(group === undefined ? {} : { MessageGroupId: group }), ...more },
      call,
    );
  }
}
