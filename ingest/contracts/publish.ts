import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { breakingChanges, publishedFiles } from "./published-files.ts";
import { allContracts } from "./registry.ts";

const root = join(import.meta.dirname, "../..");
const folder = "ingest/contracts/published";

/** Writes the published schemas and the page of events; refuses a change that would break readers or stored events. */
const before = new Map(
  readdirSync(join(root, folder)).map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), "utf8")]),
);
const after = publishedFiles(allContracts);
const problems = breakingChanges(before, after);
if (problems.length > 0) {
  console.error(`Not published: give the contract a new version instead.\n${problems.join("\n")}`);
  process.exitCode = 1;
} else {
  for (const [path, contents] of after) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contents);
  }
  console.log(`${after.size} files are up to date.`);
}
