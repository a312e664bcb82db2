import type * as pulumi from "@pulumi/pulumi";
import type { EstateConfig } from "./config.ts";

/** What every part of the estate is built with. */
export interface Estate {
  readonly config: EstateConfig;
  /** Twelve digits. */
  readonly account: pulumi.Output<string>;
  /** The one key of the estate's data, logs and topics. */
  readonly keyArn: pulumi.Output<string>;
}
