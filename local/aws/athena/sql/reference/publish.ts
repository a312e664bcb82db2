import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sqlPage } from "./page.ts";

/** Writes the page of what SQL runs here: `npm run docs:sql`. */
const file = join(import.meta.dirname, "../../../../../docs/sql.md");
writeFileSync(file, sqlPage());
console.log(`${file} is up to date.`);
