import {
  arnOf,
  common,
  createdAt,
  digest,
  physicalName,
  type Synthesiser,
  sideResource,
  text,
  textOr,
} from "./synthesiser.ts";

const lambdaFunction: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const arn = arnOf("lambda", `function:${name}`, inputs, context);
  const region = textOr(inputs, "region", context.region);
  return {
    id: name,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      name,
      arn,
      invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
      qualifiedArn: `${arn}:$LATEST`,
      version: "$LATEST",
      lastModified: createdAt,
      memorySize: inputs["memorySize"] ?? 128,
      timeout: inputs["timeout"] ?? 3,
      reservedConcurrentExecutions: inputs["reservedConcurrentExecutions"] ?? -1,
    },
  };
};

const permission: Synthesiser = (logicalName, inputs, context) => {
  const statementId = physicalName(inputs, logicalName, "statementId");
  return {
    id: statementId,
    physicalName: `${text(inputs, "function")} ${statementId}`,
    outputs: { region: textOr(inputs, "region", context.region), statementId },
  };
};

const logGroup: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("logs", `log-group:${name}`, inputs, context) },
  };
};

const logMetricFilter: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: `${text(inputs, "logGroupName")} ${name}`,
    outputs: { region: textOr(inputs, "region", context.region), name },
  };
};

const metricAlarm: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("cloudwatch", `alarm:${name}`, inputs, context) },
  };
};

const stateMachine: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const arn = arnOf("states", `stateMachine:${name}`, inputs, context);
  return {
    id: arn,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      name,
      arn,
      creationDate: createdAt,
      status: "ACTIVE",
      type: inputs["type"] ?? "STANDARD",
      revisionId: digest(textOr(inputs, "definition", "")).slice(0, 32),
    },
  };
};

const scheduleGroup: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      name,
      arn: arnOf("scheduler", `schedule-group/${name}`, inputs, context),
      creationDate: createdAt,
      lastModificationDate: createdAt,
      state: "ACTIVE",
    },
  };
};

const schedule: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const groupName = textOr(inputs, "groupName", "default");
  const id = `${groupName}/${name}`;
  return {
    id,
    physicalName: id,
    outputs: {
      region: textOr(inputs, "region", context.region),
      name,
      groupName,
      arn: arnOf("scheduler", `schedule/${id}`, inputs, context),
      state: inputs["state"] ?? "ENABLED",
    },
  };
};

/** What runs, when, and what watches it: functions, state machines, schedules, logs, alarms. */
export const compute: Readonly<Record<string, Synthesiser>> = {
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/permission:Permission": permission,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": sideResource((inputs) =>
    text(inputs, "functionName"),
  ),
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": logMetricFilter,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:sfn/stateMachine:StateMachine": stateMachine,
  "aws:scheduler/scheduleGroup:ScheduleGroup": scheduleGroup,
  "aws:scheduler/schedule:Schedule": schedule,
};
