import { grouped } from "../../cli/output.ts";
import { verdicts } from "./fuzz/judge.ts";
import type { RunState } from "./fuzz/run.ts";
import type { ModelsResult } from "./models.ts";
import { markdownTable } from "./section.ts";

/** The generator's last runs, one for each seed. */
export function fuzzSection(runs: readonly RunState[], trino: string): string {
  const sum = (of: (run: RunState) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const areas = [...new Set(runs.flatMap(({ counts }) => Object.keys(counts)))];
  const row = (chosen: readonly string[]): string[] =>
    verdicts.map((verdict) =>
      grouped(sum(({ counts }) => chosen.reduce((total, area) => total + (counts[area]?.[verdict] ?? 0), 0))),
    );
  const seeds = runs.map(({ seed }) => seed).sort((a, b) => a - b);
  const [judged, statements] = [sum(({ compared }) => compared), sum((run) => run.statements)].map(grouped);
  return `Trino ${trino}, ${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}: **${judged} queries judged**, in ${statements} statements on Trino.

${markdownTable(["area", ...verdicts], [...areas.map((area) => [area, ...row([area])]), ["**all**", ...row(areas)]])}`;
}

/** The last run of the models. */
export function modelsSection(result: ModelsResult): string {
  const { trino, refreshes, statements, rawFiles, until, tables, questions } = result;
  const rows = (found: ModelsResult["tables"]): string[][] =>
    found.map(({ name, rows: count, difference }) => [name, grouped(count), difference ?? "same"]);
  const different = [...tables, ...questions].filter(({ difference }) => difference !== undefined).length;
  const verdict = different === 0 ? "No difference." : `${different} DIFFERENCES.`;
  return `Trino ${trino}: ${refreshes} refreshes, ${statements} statements, ${grouped(rawFiles)} raw files, data until ${until}. **${verdict}**

${markdownTable(["table", "rows", "Trino"], rows(tables))}

${markdownTable(["saved question", "rows", "Trino"], rows(questions))}`;
}
