import {
  arnOf,
  common,
  createdAt,
  physicalName,
  type Synthesiser,
  sideResource,
  text,
  textOr,
  uuid,
} from "./synthesiser.ts";

const eventBus: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("events", `event-bus/${name}`, inputs, context) },
  };
};

const eventRule: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const busArnOrName = textOr(inputs, "eventBusName", "default");
  const bus = busArnOrName.slice(busArnOrName.lastIndexOf("/") + 1);
  const path = bus === "default" ? name : `${bus}/${name}`;
  return {
    id: path,
    physicalName: path,
    outputs: {
      ...common(inputs, context),
      name,
      eventBusName: busArnOrName,
      arn: arnOf("events", `rule/${path}`, inputs, context),
      state: inputs["state"] ?? "ENABLED",
    },
  };
};

const eventTarget: Synthesiser = (logicalName, inputs, context) => {
  const targetId = physicalName(inputs, logicalName, "targetId");
  const bus = textOr(inputs, "eventBusName", "default");
  const rule = `${text(inputs, "rule")}-${targetId}`;
  return {
    id: bus === "default" ? rule : `${bus}-${rule}`,
    physicalName: `${bus} ${rule}`,
    outputs: { region: textOr(inputs, "region", context.region), targetId, eventBusName: bus },
  };
};

const topic: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const arn = arnOf("sns", name, inputs, context);
  return {
    id: arn,
    physicalName: name,
    outputs: {
      ...common(inputs, context),
      name,
      arn,
      owner: context.account,
      displayName: inputs["displayName"] ?? "",
      fifoTopic: inputs["fifoTopic"] ?? false,
    },
  };
};

const topicSubscription: Synthesiser = (logicalName, inputs, context) => {
  const arn = `${text(inputs, "topic")}:${uuid(`sns ${logicalName}`)}`;
  return {
    id: arn,
    physicalName: arn,
    outputs: {
      region: textOr(inputs, "region", context.region),
      arn,
      ownerId: context.account,
      confirmationWasAuthenticated: true,
      pendingConfirmation: false,
    },
  };
};

const emailIdentity: Synthesiser = (_name, inputs, context) => {
  const identity = text(inputs, "emailIdentity");
  return {
    id: identity,
    physicalName: identity,
    outputs: {
      ...common(inputs, context),
      arn: arnOf("ses", `identity/${identity}`, inputs, context),
      identityType: identity.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN",
      verifiedForSendingStatus: true,
      verificationStatus: "SUCCESS",
    },
  };
};

const configurationSet: Synthesiser = (_name, inputs, context) => {
  const name = text(inputs, "configurationSetName");
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), arn: arnOf("ses", `configuration-set/${name}`, inputs, context) },
  };
};

const template: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: {
      region: textOr(inputs, "region", context.region),
      name,
      arn: arnOf("ses", `template/${name}`, inputs, context),
    },
  };
};

const schemaRegistry: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  return {
    id: name,
    physicalName: name,
    outputs: { ...common(inputs, context), name, arn: arnOf("schemas", `registry/${name}`, inputs, context) },
  };
};

const schema: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const registry = text(inputs, "registryName");
  return {
    id: `${name}/${registry}`,
    physicalName: `${registry}/${name}`,
    outputs: {
      ...common(inputs, context),
      name,
      arn: arnOf("schemas", `schema/${registry}/${name}`, inputs, context),
      version: "1",
      lastModified: createdAt,
      versionCreatedDate: createdAt,
    },
  };
};

const queue: Synthesiser = (logicalName, inputs, context) => {
  const name = physicalName(inputs, logicalName);
  const region = textOr(inputs, "region", context.region);
  const url = `https://sqs.${region}.amazonaws.com/${context.account}/${name}`;
  return {
    id: url,
    physicalName: name,
    outputs: { ...common(inputs, context), name, url, arn: arnOf("sqs", name, inputs, context) },
  };
};

/** How things tell each other: buses, topics, mail, schemas, queues. */
export const messaging: Readonly<Record<string, Synthesiser>> = {
  "aws:cloudwatch/eventBus:EventBus": eventBus,
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": sideResource((inputs) => textOr(inputs, "eventBusName", "default")),
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": sideResource((inputs) => text(inputs, "arn")),
  "aws:sns/topicSubscription:TopicSubscription": topicSubscription,
  "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": sideResource(
    (_inputs, context) => context.account,
  ),
  "aws:sesv2/emailIdentity:EmailIdentity": emailIdentity,
  "aws:sesv2/configurationSet:ConfigurationSet": configurationSet,
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": sideResource(
    (inputs) => `${text(inputs, "configurationSetName")}|${text(inputs, "eventDestinationName")}`,
  ),
  "aws:ses/template:Template": template,
  "aws:schemas/registry:Registry": schemaRegistry,
  "aws:schemas/schema:Schema": schema,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": sideResource((inputs) => text(inputs, "queueUrl")),
};
