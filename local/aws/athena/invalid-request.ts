import { AwsError } from "../service.ts";

/** What programs tell Athena's refusals apart by. */
export type InvalidRequestCode =
  | "INVALID_INPUT"
  | "MALFORMED_QUERY"
  | "IDEMPOTENT_PARAMETER_MISMATCH"
  | "QUERY_EXECUTION_NOT_FOUND"
  | "INVALID_QUERY_EXECUTION_STATE"
  | "RESULT_NOT_FOUND";

/** `InvalidRequestException`, which is nearly everything that Athena refuses. */
export const invalidRequest = (message: string, code: InvalidRequestCode = "INVALID_INPUT"): AwsError =>
  new AwsError("InvalidRequestException", message, 400, { AthenaErrorCode: code });

/**
 * Checks a page size as the service's framework does, before anything else is looked at.
 * @throws AwsError
 */
export function checkPage(input: Readonly<Record<string, unknown>>, most: number): void {
  const { MaxResults: size, NextToken: token } = input;
  const problems: string[] = [];
  if (token === "")
    problems.push(
      "Value at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (typeof size === "number" && size < 1)
    problems.push(
      "Value at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  if (typeof size === "number" && size > most)
    problems.push(
      `Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    );
  if (problems.length === 0) return;
  const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected`;
  throw invalidRequest(`${count}: ${problems.join("; ")}`);
}
