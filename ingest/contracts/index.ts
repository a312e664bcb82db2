export { type Contract, type PiiField, schemaFile } from "./contract.ts";
export { type Envelope, envelope } from "./envelope.ts";
export {
  failedEventColumns,
  failedPartitionKeys,
  glueColumns,
  rawEventColumns,
  rawPartitionKeys,
} from "./glue.ts";
export { eventBridgeSchema, publishedSchema } from "./json-schema.ts";
export { LINE_KINDS, type LineKind } from "./lines.ts";
export {
  allContracts,
  type ContractOf,
  contractNamed,
  contracts,
  type DataOf,
  type DomainEvent,
  type EventName,
  type EventOf,
} from "./registry.ts";
export { type RefusalReason, type Validation, validateEvent } from "./validate.ts";
