/** The message that the members of a segment get: one campaign a segment, one message a person, ever. */
export interface Campaign {
  readonly id: string;
  /** SES template behind the stack's prefix; infra makes it from `subject`, `html` and `text`. */
  readonly templateName: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Names that the texts use as `{{name}}`; activation fills each for every member. */
  readonly variables: readonly CampaignVariable[];
}

/** What activation knows of a member and may write into a message. */
export type CampaignVariable = "givenName" | "customerId";

/** A rule that says who belongs, and why. */
export interface Segment {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /**
   * Athena SQL over the audited candidates (`rfm_next`, `customer_360_next`): one row per member,
   * `customer_id` and `reason`, one sentence with the figures.
   */
  readonly sql: string;
  readonly campaign: Campaign;
}
