import { randomUUID } from "node:crypto";
import { onlyMembers, optionalText, requiredText } from "../members.ts";
import { AwsError, type Call, type Service, type ServiceContext, type ServiceFactory, type Shape } from "../service.ts";
import { parseDefinition } from "./definition.ts";
import { ExecutionStopped, InvalidDefinition } from "./errors.ts";
import { type Execution, ExecutionStore } from "./executions.ts";
import { machineType, readMachine, type StateMachine } from "./machines.ts";
import { Runner } from "./runner.ts";
import { page, summary } from "./views.ts";

/** Bytes of input that StartExecution accepts. */
const inputLimit = 262_144;

/** AWS Step Functions: standard machines in JSONata, interpreted in this process. */
export const states: ServiceFactory = (context) => new States(context).service();

class States {
  readonly #context: ServiceContext;
  readonly #store: ExecutionStore;
  readonly #machines: ReadonlyMap<string, StateMachine>;
  readonly #runner: Runner;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#store = new ExecutionStore(context.home);
    const resources = context.graph.resources.filter((resource) => resource.type === machineType);
    this.#machines = new Map(resources.map(readMachine).map((machine) => [machine.arn, machine]));
    this.#runner = new Runner(context);
  }

  service(): Service {
    return {
      name: "states",
      binding: { protocol: "json", version: "1.0", target: "AWSStepFunctions" },
      runs: [machineType],
      operations: {
        StartExecution: (input, call) => this.#start(input, call),
        StopExecution: (input, call) => this.#stop(input, call),
        DescribeExecution: (input, call) => this.#describe(input, call),
        ListExecutions: (input, call) => this.#list(input, call),
        GetExecutionHistory: (input, call) => this.#history(input, call),
        DescribeStateMachine: (input, call) => this.#describeMachine(input, call),
        ListStateMachines: (input, call) => this.#listMachines(input, call),
        ValidateStateMachineDefinition: (input, call) => validate(input, call),
      },
      start: async () => this.#resume(),
      stop: () =>
        this.#runner.stopAll(new ExecutionStopped("ABORTED", "Runtime.Stopped", "the local runtime was stopped")),
    };
  }

  /** An execution that the last run of the process never ended is over: its memory is gone. */
  #resume(): void {
    for (const execution of this.#store.load()) {
      const cause = "the local runtime ended while the execution ran";
      this.#runner.finish(execution, execution.events.length, {
        status: "ABORTED",
        stopped: this.#context.clock.now(),
        error: "Runtime.Ended",
        cause,
      });
      this.#context.log("execution aborted: it was cut by the end of the last run", { execution: execution.begin.arn });
    }
  }

  #start(input: Shape, call: Call): Shape {
    onlyMembers("states:StartExecution", input, ["stateMachineArn", "name", "input", "traceHeader"]);
    const arn = requiredText(input, "stateMachineArn");
    call.authorize("states:StartExecution", arn);
    const machine = this.#machine(arn);
    const text = input["input"] === undefined ? "{}" : requiredText(input, "input");
    if (Buffer.byteLength(text) > inputLimit)
      throw new AwsError(
        "InvalidExecutionInput",
        `Invalid State Machine Execution Input: the input is longer than ${inputLimit} bytes`,
      );
    const value = jsonInput(text);
    const name = input["name"] === undefined ? randomUUID() : requiredText(input, "name");
    if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u.test(name))
      throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
    const executionArn = `${arn.replace(":stateMachine:", ":execution:")}:${name}`;

    const earlier = this.#store.find(executionArn);
    if (earlier !== undefined) {
      if (earlier.status === "RUNNING" && earlier.begin.input === text)
        return { executionArn, startDate: new Date(earlier.begin.started) };
      throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${executionArn}'`);
    }
    const execution = this.#store.begin({
      arn: executionArn,
      name,
      machineArn: arn,
      started: this.#context.clock.now(),
      input: text,
    });
    this.#runner.start(machine, execution, value);
    return { executionArn, startDate: new Date(execution.begin.started) };
  }

  #stop(input: Shape, call: Call): Shape {
    onlyMembers("states:StopExecution", input, ["executionArn", "error", "cause"]);
    const execution = this.#execution(input, "states:StopExecution", call);
    const reason = new ExecutionStopped("ABORTED", optionalText(input, "error"), optionalText(input, "cause"));
    if (!this.#runner.stop(execution.begin.arn, reason))
      throw new AwsError("ValidationException", `Execution is not running: '${execution.begin.arn}'`);
    return { stopDate: new Date(this.#context.clock.now()) };
  }

  #describe(input: Shape, call: Call): Shape {
    onlyMembers("states:DescribeExecution", input, ["executionArn", "includedData"]);
    const execution = this.#execution(input, "states:DescribeExecution", call);
    const { begin, ending } = execution;
    return {
      ...summary(execution),
      input: begin.input,
      inputDetails: { included: true },
      ...(ending?.output === undefined ? {} : { output: ending.output, outputDetails: { included: true } }),
      ...(ending?.error === undefined ? {} : { error: ending.error }),
      ...(ending?.cause === undefined ? {} : { cause: ending.cause }),
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
    };
  }

  #list(input: Shape, call: Call): Shape {
    onlyMembers("states:ListExecutions", input, ["stateMachineArn", "statusFilter", "maxResults", "nextToken"]);
    const arn = requiredText(input, "stateMachineArn");
    call.authorize("states:ListExecutions", arn);
    this.#machine(arn);
    const wanted = this.#store
      .all()
      .filter(
        ({ begin, status }) =>
          begin.machineArn === arn && (input["statusFilter"] === undefined || status === input["statusFilter"]),
      )
      .reverse();
    return page("executions", wanted, input, summary);
  }

  #history(input: Shape, call: Call): Shape {
    onlyMembers("states:GetExecutionHistory", input, [
      "executionArn",
      "maxResults",
      "nextToken",
      "reverseOrder",
      "includeExecutionData",
    ]);
    const execution = this.#execution(input, "states:GetExecutionHistory", call);
    const events = input["reverseOrder"] === true ? [...execution.events].reverse() : execution.events;
    return page("events", events, input, ({ id, previousEventId, type, timestamp, details }) => ({
      id,
      previousEventId,
      type,
      timestamp: new Date(timestamp),
      ...details,
    }));
  }

  #describeMachine(input: Shape, call: Call): Shape {
    onlyMembers("states:DescribeStateMachine", input, ["stateMachineArn", "includedData"]);
    const arn = requiredText(input, "stateMachineArn");
    call.authorize("states:DescribeStateMachine", arn);
    const { name, roleArn, definition } = this.#machine(arn);
    return {
      stateMachineArn: arn,
      name,
      status: "ACTIVE",
      definition,
      roleArn,
      type: "STANDARD",
      creationDate: new Date(this.#context.clock.now()),
    };
  }

  #listMachines(input: Shape, call: Call): Shape {
    onlyMembers("states:ListStateMachines", input, ["maxResults", "nextToken"]);
    call.authorize("states:ListStateMachines", "*");
    const creationDate = new Date(this.#context.clock.now());
    return page("stateMachines", [...this.#machines.values()], input, ({ arn, name }) => ({
      stateMachineArn: arn,
      name,
      type: "STANDARD",
      creationDate,
    }));
  }

  #machine(arn: string): StateMachine {
    const machine = this.#machines.get(arn);
    if (machine === undefined) throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  #execution(input: Shape, action: string, call: Call): Execution {
    const arn = requiredText(input, "executionArn");
    call.authorize(action, arn);
    const execution = this.#store.find(arn);
    if (execution === undefined) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    return execution;
  }
}

function validate(input: Shape, call: Call): Shape {
  onlyMembers("states:ValidateStateMachineDefinition", input, ["definition", "type", "severity", "maxResults"]);
  call.authorize("states:ValidateStateMachineDefinition", "*");
  try {
    parseDefinition("definition", requiredText(input, "definition"));
    return { result: "OK", diagnostics: [], truncated: false };
  } catch (error) {
    if (!(error instanceof InvalidDefinition)) throw error;
    const diagnostics = error.problems.map((message) => ({
      severity: "ERROR",
      code: "SCHEMA_VALIDATION_FAILED",
      message,
    }));
    return { result: "FAIL", diagnostics, truncated: false };
  }
}

function jsonInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input: it is not JSON");
  }
}
