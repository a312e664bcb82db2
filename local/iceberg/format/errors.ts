/** Errors of the format, by what the caller does next. */

/** Valid Iceberg that this code does not implement. The message names the feature. */
export class UnsupportedIceberg extends Error {}

/** Metadata that breaks the specification: the table cannot be read safely. The message names the member. */
export class InvalidIceberg extends Error {}

/** A change of schema or partitioning that the table does not allow, in the words of the engine's user. */
export class InvalidChange extends Error {}
