import { VARCHAR } from "../sql/types.ts";

/** The file that a row comes from, as `s3://bucket/key`. */
export const PATH = { name: "$path", type: VARCHAR } as const;
