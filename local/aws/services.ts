import { athena } from "./athena/index.ts";
import { events } from "./events/index.ts";
import { firehose } from "./firehose/index.ts";
import { glue } from "./glue/index.ts";
import { kinesis } from "./kinesis/index.ts";
import { kms } from "./kms/index.ts";
import { lambda } from "./lambda/index.ts";
import { s3 } from "./s3/index.ts";
import { scheduler } from "./scheduler/index.ts";
import type { ServiceFactory } from "./service.ts";
import { sesv2 } from "./sesv2/index.ts";
import { sns } from "./sns/index.ts";
import { states } from "./states/index.ts";
import { sts } from "./sts/index.ts";

/**
 * Every service of the runtime, by signing name, in the order in which they start: each after those whose ports or
 * operations it needs. They stop in the reverse order.
 */
export const services: Readonly<Record<string, ServiceFactory>> = {
  kms,
  s3,
  glue,
  athena,
  lambda,
  kinesis,
  firehose,
  sns,
  ses: sesv2,
  events,
  states,
  scheduler,
  sts,
};
