import { randomUUID } from "node:crypto";
import { onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import { AwsError, type Call, type Service, type ServiceContext, type ServiceFactory, type Shape } from "../service.ts";
import { Deliveries } from "./delivery.ts";
import { type Refusal, readEntry } from "./entry.ts";
import { type Delivery, Journal } from "./journal.ts";
import { InvalidPattern } from "./leaf.ts";
import { compilePattern, type Matcher } from "./pattern.ts";
import { type Bus, busesOf, busName, busType, type Rule, rulesOf, ruleType, targetType } from "./rules.ts";

/** Entries a PutEvents call may hold, and their size in bytes altogether. */
const maxEntries = 10;
const maxBytes = 256 * 1024;

/** Amazon EventBridge: buses, rules and their targets. */
export const events: ServiceFactory = (context) => new Events(context).service();

class Events {
  readonly #context: ServiceContext;
  readonly #buses: ReadonlyMap<string, Bus>;
  readonly #rules: readonly Rule[];
  readonly #journal: Journal;
  readonly #deliveries: Deliveries;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#buses = busesOf(context.graph);
    this.#rules = rulesOf(context.graph);
    this.#journal = new Journal(context.home);
    this.#deliveries = new Deliveries(context, this.#journal, (busArn, event, call) =>
      this.#forward(busArn, event, call),
    );
  }

  service(): Service {
    return {
      name: "events",
      binding: { protocol: "json", version: "1.1", target: "AWSEvents" },
      runs: [busType, ruleType, targetType],
      ignores: {
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "read by the IAM gate",
        "aws:schemas/registry:Registry": "documentation of the events; nothing runs on it",
        "aws:schemas/schema:Schema": "documentation of the events; nothing runs on it",
      },
      operations: {
        PutEvents: (input, call) => this.#putEvents(input, call),
        PutServiceEvents: (input, call) => this.#putServiceEvents(input, call),
        DescribeEventBus: (input, call) => this.#describeBus(input, call),
        ListEventBuses: (input, call) => this.#listBuses(input, call),
        DescribeRule: (input, call) => this.#describeRule(input, call),
        ListRules: (input, call) => this.#listRules(input, call),
        ListTargetsByRule: (input, call) => this.#listTargets(input, call),
        TestEventPattern: (input, call) => testPattern(input, call),
      },
      open: ["PutServiceEvents"],
      start: async () => this.#resume(),
    };
  }

  /** Events that were accepted before the last run ended are delivered now; some perhaps for the second time. */
  #resume(): void {
    for (const delivery of this.#journal.open()) {
      const rule = this.#rules.find(({ arn }) => arn === delivery.ruleArn);
      const target = rule?.targets.find(({ id }) => id === delivery.targetId);
      if (rule === undefined || target === undefined) {
        this.#journal.done(delivery.id);
        this.#context.log("an event's rule or target is gone", { rule: delivery.ruleArn, target: delivery.targetId });
      } else this.#deliveries.begin(delivery, rule, target);
    }
  }

  #putEvents(input: Shape, call: Call): Shape {
    onlyMembers("events:PutEvents", input, ["Entries"]);
    const entries = input["Entries"];
    if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${maxEntries}`,
      );
    }
    if (Buffer.byteLength(JSON.stringify(entries)) > maxBytes)
      throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
    const results = entries.map((entry: Shape) => this.#putEntry(entry, call));
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  }

  #putEntry(entry: Shape, call: Call): Shape | Refusal {
    onlyMembers("events:PutEvents", entry, [
      "Time",
      "Source",
      "Resources",
      "DetailType",
      "Detail",
      "EventBusName",
      "TraceHeader",
    ]);
    const bus = busName(optionalText(entry, "EventBusName") ?? "default");
    const { account, region } = this.#context;
    const arn = this.#buses.get(bus)?.arn ?? `arn:aws:events:${region}:${account}:event-bus/${bus}`;
    call.authorize("events:PutEvents", arn, {
      "events:source": String(entry["Source"] ?? ""),
      "events:detail-type": String(entry["DetailType"] ?? ""),
    });
    const read = readEntry(entry, this.#context.clock.now());
    if ("ErrorCode" in read) return read;
    if (read.source.startsWith("aws."))
      return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
    if (!this.#buses.has(bus))
      return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${bus} does not exist.` };
    return { EventId: this.#accept(bus, { version: "0", id: randomUUID(), ...envelope(read, account, region) }) };
  }

  /** Events of AWS's own services, which reach the default bus without any permission. Only for services in this process. */
  #putServiceEvents(input: Shape, call: Call): Shape {
    if (call.principal.roleArn !== "")
      throw new AwsError("AccessDeniedException", "PutServiceEvents is for AWS services only");
    onlyMembers("events:PutServiceEvents", input, ["Entries"]);
    const { account, region } = this.#context;
    const entries = Array.isArray(input["Entries"]) ? input["Entries"] : [];
    const results = entries.map((entry: Shape) => {
      const read = readEntry(entry, this.#context.clock.now());
      if ("ErrorCode" in read) throw new AwsError("ValidationException", read.ErrorMessage);
      return {
        EventId: this.#accept("default", { version: "0", id: randomUUID(), ...envelope(read, account, region) }),
      };
    });
    return { FailedEntryCount: 0, Entries: results };
  }

  #forward(busArn: string, event: Shape, call: Call): void {
    const bus = busName(busArn);
    call.authorize("events:PutEvents", busArn, {
      "events:source": String(event["source"]),
      "events:detail-type": String(event["detail-type"]),
    });
    if (!this.#buses.has(bus)) throw new AwsError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
    this.#accept(bus, event);
  }

  /** Keeps what the rules want of an event, then begins to deliver it. */
  #accept(bus: string, event: Shape): unknown {
    const wanted = this.#rules.filter((rule) => rule.enabled && rule.bus === bus && rule.matches(event));
    const pairs = wanted.flatMap((rule) => rule.targets.map((target) => ({ rule, target })));
    const accepted = this.#context.clock.now();
    const deliveries = pairs.map(
      ({ rule, target }): Delivery => ({ id: randomUUID(), ruleArn: rule.arn, targetId: target.id, event, accepted }),
    );
    this.#journal.put(deliveries);
    for (const rule of wanted) this.#context.metric("AWS/Events", "TriggeredRules", { RuleName: rule.name }, 1);
    for (const [n, { rule, target }] of pairs.entries()) {
      const delivery = deliveries[n];
      if (delivery !== undefined) this.#deliveries.begin(delivery, rule, target);
    }
    return event["id"];
  }

  #describeBus(input: Shape, call: Call): Shape {
    onlyMembers("events:DescribeEventBus", input, ["Name"]);
    const bus = this.#bus(optionalText(input, "Name"));
    call.authorize("events:DescribeEventBus", bus.arn);
    return { Name: bus.name, Arn: bus.arn };
  }

  #listBuses(input: Shape, call: Call): Shape {
    onlyMembers("events:ListEventBuses", input, ["NamePrefix", "NextToken", "Limit"]);
    call.authorize("events:ListEventBuses", "*");
    const prefix = optionalText(input, "NamePrefix") ?? "";
    const found = [...this.#buses.values()].filter(({ name }) => name.startsWith(prefix));
    return listed("EventBuses", found, input, ({ name, arn }) => ({ Name: name, Arn: arn }));
  }

  #describeRule(input: Shape, call: Call): Shape {
    onlyMembers("events:DescribeRule", input, ["Name", "EventBusName"]);
    const rule = this.#rule(requiredText(input, "Name"), input);
    call.authorize("events:DescribeRule", rule.arn);
    return ruleView(rule);
  }

  #listRules(input: Shape, call: Call): Shape {
    onlyMembers("events:ListRules", input, ["NamePrefix", "EventBusName", "NextToken", "Limit"]);
    const bus = this.#bus(optionalText(input, "EventBusName"));
    call.authorize("events:ListRules", "*");
    const prefix = optionalText(input, "NamePrefix") ?? "";
    return listed(
      "Rules",
      this.#rules.filter((rule) => rule.bus === bus.name && rule.name.startsWith(prefix)),
      input,
      ruleView,
    );
  }

  #listTargets(input: Shape, call: Call): Shape {
    onlyMembers("events:ListTargetsByRule", input, ["Rule", "EventBusName", "NextToken", "Limit"]);
    const rule = this.#rule(requiredText(input, "Rule"), input);
    call.authorize("events:ListTargetsByRule", rule.arn);
    return listed("Targets", rule.targets, input, ({ id, arn, roleArn }) => ({
      Id: id,
      Arn: arn,
      ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
    }));
  }

  #bus(nameOrArn: string | undefined): Bus {
    const name = busName(nameOrArn ?? "default");
    const bus = this.#buses.get(name);
    if (bus === undefined) throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
    return bus;
  }

  #rule(name: string, input: Shape): Rule {
    const bus = this.#bus(optionalText(input, "EventBusName"));
    const rule = this.#rules.find((candidate) => candidate.name === name && candidate.bus === bus.name);
    if (rule === undefined)
      throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus.name}.`);
    return rule;
  }
}

function envelope(entry: Exclude<ReturnType<typeof readEntry>, Refusal>, account: string, region: string): Shape {
  const { detailType, source, time, resources, detail } = entry;
  return { "detail-type": detailType, source, account, time, region, resources, detail };
}

function ruleView({ name, arn, bus, pattern, enabled }: Rule): Shape {
  return { Name: name, Arn: arn, EventBusName: bus, EventPattern: pattern, State: enabled ? "ENABLED" : "DISABLED" };
}

function listed<T>(member: string, all: readonly T[], input: Shape, show: (item: T) => Shape): Shape {
  const { items, next } = pageOf(all, input["Limit"], input["NextToken"], 100);
  return { [member]: items.map(show), ...(next === undefined ? {} : { NextToken: next }) };
}

function testPattern(input: Shape, call: Call): Shape {
  onlyMembers("events:TestEventPattern", input, ["EventPattern", "Event"]);
  call.authorize("events:TestEventPattern", "*");
  let matches: Matcher;
  try {
    matches = compilePattern(requiredText(input, "EventPattern"));
  } catch (error) {
    if (error instanceof InvalidPattern) throw new AwsError("InvalidEventPatternException", error.message);
    throw error;
  }
  return { Result: matches(JSON.parse(requiredText(input, "Event"))) };
}
