/** (d) Evaluating the program, recorder and checks included, against a bare run of the same number of resources. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { projectDir } from "../cli/session.ts";
import { evaluateProgram } from "../local/graph/evaluate.ts";
import { median, numberOption, rounded, timed } from "./measure.ts";

const runs = numberOption("runs", 5);

async function bare(resources: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("bare-program.ts", import.meta.url)), String(resources)],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the bare program ended with ${String(code)}`);
}

const { resources } = await evaluateProgram({ projectDir, stack: "dev" });
await bare(resources.length);
const wholes: number[] = [];
const floors: number[] = [];
for (let run = 0; run < runs; run++) {
  wholes.push((await timed(() => evaluateProgram({ projectDir, stack: "dev" }))).seconds);
  floors.push((await timed(() => bare(resources.length))).seconds);
}
const seconds = rounded(median(wholes), 3);
const bareSeconds = rounded(median(floors), 3);
console.log(
  JSON.stringify({ resources: resources.length, runs, seconds, bareSeconds, ratio: rounded(bareSeconds / seconds, 3) }),
);
