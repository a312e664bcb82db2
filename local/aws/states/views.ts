import { pageOf } from "../members.ts";
import type { Shape } from "../service.ts";
import type { Execution } from "./executions.ts";
import type { StateMachine } from "./machines.ts";

/** Items a page of any list has when the request does not say. */
const pageSize = 100;

/** The context object's part that does not change during an execution. */
export function contextObject(machine: StateMachine, execution: Execution, input: unknown): Shape {
  const { arn, name, started } = execution.begin;
  return {
    Execution: {
      Id: arn,
      Input: input,
      StartTime: new Date(started).toISOString(),
      Name: name,
      RoleArn: machine.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}

/** What ListExecutions and DescribeExecution say alike. */
export function summary(execution: Execution): Shape {
  const { arn, machineArn, name, started } = execution.begin;
  const { ending } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status: execution.status,
    startDate: new Date(started),
    ...(ending === undefined ? {} : { stopDate: new Date(ending.stopped) }),
  };
}

/** A list operation's answer: the page's items as the API shows them, and the token of the next. */
export function page<T>(member: string, all: readonly T[], input: Shape, show: (item: T) => Shape): Shape {
  const { items, next } = pageOf(all, input["maxResults"] ?? pageSize, input["nextToken"], 1000);
  return { [member]: items.map(show), ...(next === undefined ? {} : { nextToken: next }) };
}
