import { AwsError, type Call } from "../service.ts";

/** S3's name for a refusal; message and status as the IAM decision gave them. */
export function authorizeS3(
  call: Call,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string | readonly string[]>>,
): void {
  try {
    call.authorize(action, resource, context);
  } catch (error) {
    if (error instanceof AwsError && error.code === "AccessDeniedException") {
      throw new AwsError("AccessDenied", error.message, 403, error.fields);
    }
    throw error;
  }
}

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: bucket });

export const noSuchKey = (key: string): AwsError =>
  new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError("NoSuchVersion", "The specified version does not exist.", 404, { Key: key, VersionId: versionId });

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    Condition: condition,
  });

/** A full disk, said so that one can act on it; not a status that clients retry. */
export function diskError(error: unknown): unknown {
  if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) {
    return new AwsError(
      "InsufficientStorage",
      "The disk that holds the runtime's state is full: nothing was written. Free some space and try again.",
      507,
    );
  }
  return error;
}
