import type { ResourceGraph } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { AwsError, NotImplementedLocally } from "../service.ts";
import type { SuppressionReason } from "./suppression.ts";
import { checkTemplate, type EmailContent } from "./template.ts";

export interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly configurationSet?: string;
}

export interface ConfigurationSet {
  readonly name: string;
  readonly arn: string;
  /** Undefined: the account's reasons. */
  readonly suppressedReasons?: readonly SuppressionReason[];
  readonly sendingEnabled: boolean;
  readonly destinations: readonly { readonly types: readonly string[] }[];
}

/** What the graph says about e-mail. */
export interface EmailEstate {
  readonly identities: ReadonlyMap<string, Identity>;
  readonly configurationSets: ReadonlyMap<string, ConfigurationSet>;
  readonly templates: ReadonlyMap<string, EmailContent>;
  readonly accountReasons: readonly SuppressionReason[];
}

export const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";
export const CONFIGURATION_SET = "aws:sesv2/configurationSet:ConfigurationSet";
export const DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
export const TEMPLATE = "aws:ses/template:Template";
export const ACCOUNT_SUPPRESSION = "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes";

/**
 * Reads identities, configuration sets, event destinations and templates of the graph.
 * @throws NotImplementedLocally naming a destination or template syntax that the runtime does not have.
 */
export function readEstate(graph: ResourceGraph): EmailEstate {
  const of = (type: string) => graph.resources.filter((it) => it.type === type);
  const identities = of(IDENTITY).map((it): Identity => {
    const set = it.inputs["configurationSetName"];
    return {
      name: text(it.inputs["emailIdentity"]).toLowerCase(),
      arn: text(it.outputs["arn"]),
      ...(typeof set === "string" ? { configurationSet: set } : {}),
    };
  });
  const sets = of(CONFIGURATION_SET).map((it): ConfigurationSet => {
    const name = text(it.inputs["configurationSetName"]);
    const suppression = objectIn(it.inputs["suppressionOptions"]);
    const destinations = of(DESTINATION).filter((other) => other.inputs["configurationSetName"] === name);
    return {
      name,
      arn: text(it.outputs["arn"]),
      sendingEnabled: objectIn(it.inputs["sendingOptions"])?.["sendingEnabled"] !== false,
      destinations: destinations.flatMap((other) => destination(other.name, other.inputs["eventDestination"])),
      ...(suppression === undefined ? {} : { suppressedReasons: reasons(suppression["suppressedReasons"]) }),
    };
  });
  const templates = of(TEMPLATE).map((it): [string, EmailContent] => {
    const content = contentOf(it.inputs["subject"], it.inputs["text"], it.inputs["html"]);
    checkTemplate(it.name, content);
    return [text(it.outputs["name"]), content];
  });
  const [account] = of(ACCOUNT_SUPPRESSION);
  return {
    identities: new Map(identities.map((it) => [it.name, it])),
    configurationSets: new Map(sets.map((it) => [it.name, it])),
    templates: new Map(templates),
    accountReasons: account === undefined ? ["BOUNCE", "COMPLAINT"] : reasons(account.inputs["suppressedReasons"]),
  };
}

/** Only EventBridge, which takes SES's events on the account's default bus. */
function destination(name: string, value: unknown): readonly { readonly types: readonly string[] }[] {
  const settings = objectIn(value) ?? {};
  for (const [key, entry] of Object.entries(settings)) {
    if (entry !== undefined && !["enabled", "matchingEventTypes", "eventBridgeDestination"].includes(key)) {
      throw new NotImplementedLocally(`${DESTINATION} ${key} (${name})`);
    }
  }
  const bus = text(objectIn(settings["eventBridgeDestination"])?.["eventBusArn"]);
  if (!bus.endsWith(":event-bus/default"))
    throw new NotImplementedLocally(`${DESTINATION} on the bus ${bus} (${name})`);
  if (settings["enabled"] !== true) return [];
  return [{ types: Array.isArray(settings["matchingEventTypes"]) ? settings["matchingEventTypes"].map(String) : [] }];
}

/** @throws AwsError `BadRequestException` for a template or message without a subject and a part */
export function contentOf(subject: unknown, plain: unknown, html: unknown): EmailContent {
  if (typeof subject !== "string" || (typeof plain !== "string" && typeof html !== "string")) {
    throw new AwsError("BadRequestException", "A message needs a subject, and a text or an HTML part.");
  }
  return {
    subject,
    ...(typeof plain === "string" ? { text: plain } : {}),
    ...(typeof html === "string" ? { html } : {}),
  };
}

export function reasons(value: unknown): readonly SuppressionReason[] {
  return Array.isArray(value) ? value.filter((it) => it === "BOUNCE" || it === "COMPLAINT") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
