import { lambda } from "./lambda/index.ts";
import { s3 } from "./s3/index.ts";
import type { ServiceFactory } from "./service.ts";
import { states } from "./states/index.ts";
import { sts } from "./sts/index.ts";

/**
 * Every service of the runtime, by signing name, in the order in which they start: each after those whose ports or
 * operations it needs. They stop in the reverse order.
 */
export const services: Readonly<Record<string, ServiceFactory>> = { s3, lambda, states, sts };
