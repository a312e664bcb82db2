import { objectIn, onlyMembers, pageOf, requiredText } from "../members.ts";
import { AwsError, NotImplementedLocally, type Operation, type Shape } from "../service.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";
import { askFor, type Workgroup, type Workgroups } from "./workgroups.ts";

/** API reference, TagResource and Tag. */
const MOST_TAGS = 50;
const MOST_KEY = 128;
const MOST_VALUE = 256;

/** The workgroup of an ARN: nothing else here has tags. @throws AwsError */
function tagged(input: Shape, workgroups: Workgroups, operation: string): Workgroup {
  const arn = requiredText(input, "ResourceARN");
  const resource = /^arn:aws:athena:[^:]*:\d+:([^/]+)\//.exec(arn)?.[1];
  if (resource === undefined) throw invalidRequest(`${arn} is no ARN of Athena`);
  if (resource !== "workgroup") throw new NotImplementedLocally(`athena:${operation} of a ${resource}`);
  const found = workgroups.all().find((workgroup) => workgroup.arn === arn);
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFoundException", `Resource ${arn} was not found`, 400, { ResourceName: arn });
}

/** The tags of a request. @throws AwsError */
function tagsIn(input: Shape): Readonly<Record<string, string>> {
  const list: readonly unknown[] = Array.isArray(input["Tags"]) ? input["Tags"] : [];
  const tags = list.map((item) => {
    const { Key: key, Value: value = "" } = objectIn(item) ?? {};
    if (typeof key !== "string" || key === "" || key.length > MOST_KEY)
      throw invalidRequest(`The key of a tag has 1 to ${MOST_KEY} characters`);
    if (key.toLowerCase().startsWith("aws:")) throw invalidRequest("Tag keys that start with aws: are AWS's own");
    if (typeof value !== "string" || value.length > MOST_VALUE)
      throw invalidRequest(`The value of a tag has at most ${MOST_VALUE} characters`);
    return [key, value] as const;
  });
  const keys = tags.map(([key]) => key);
  if (new Set(keys).size < keys.length) throw invalidRequest("Each key may be given once");
  return Object.fromEntries(tags);
}

/** Tags of workgroups. */
export function tagOperations(workgroups: Workgroups): Record<string, Operation> {
  return {
    TagResource(input, call) {
      onlyMembers("athena:TagResource", input, ["ResourceARN", "Tags"]);
      const workgroup = tagged(input, workgroups, "TagResource");
      const given = tagsIn(input);
      const asked = Object.entries(given).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
      askFor(call, "TagResource", workgroup, { ...Object.fromEntries(asked), "aws:TagKeys": Object.keys(given) });
      const tags = { ...workgroup.tags, ...given };
      if (Object.keys(tags).length > MOST_TAGS) throw invalidRequest(`A resource has at most ${MOST_TAGS} tags`);
      workgroups.save({ ...workgroup, tags });
      return {};
    },
    UntagResource(input, call) {
      onlyMembers("athena:UntagResource", input, ["ResourceARN", "TagKeys"]);
      const workgroup = tagged(input, workgroups, "UntagResource");
      const keys = Array.isArray(input["TagKeys"]) ? input["TagKeys"].map(String) : [];
      askFor(call, "UntagResource", workgroup, { "aws:TagKeys": keys });
      const left = Object.entries(workgroup.tags).filter(([key]) => !keys.includes(key));
      workgroups.save({ ...workgroup, tags: Object.fromEntries(left) });
      return {};
    },
    ListTagsForResource(input, call) {
      onlyMembers("athena:ListTagsForResource", input, ["ResourceARN", "NextToken", "MaxResults"]);
      checkPage(input, Number.MAX_SAFE_INTEGER);
      const workgroup = tagged(input, workgroups, "ListTagsForResource");
      askFor(call, "ListTagsForResource", workgroup);
      const all = Object.entries(workgroup.tags).map(([Key, Value]) => ({ Key, Value }));
      const { items, next } = pageOf(all, input["MaxResults"], input["NextToken"], 75);
      return { Tags: items, ...(next !== undefined && { NextToken: next }) };
    },
  };
}
