/** What every statement has that the translator warns of: a division, an order, a range, a NULL, a mean, decimals. */
const marks = /[/]|<=|>=|\.\d|\d\.|\b(?:null|in|avg|between|timestamp|order)\b/i;

/**
 * Whether a statement may hold a surprise. Most short ones do not, and need not wait until the translator is loaded,
 * which takes several times as long as their answer.
 */
export const maySurprise = (sql: string): boolean => marks.test(sql);
