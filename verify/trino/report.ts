import { grouped } from "../../cli/output.ts";
import { verdicts } from "./fuzz/judge.ts";
import type { RunState } from "./fuzz/run.ts";
import type { ModelsResult } from "./models.ts";
import { markdownTable } from "./section.ts";

/** The generator's last run. */
export function fuzzSection({ seed, compared, statements, counts }: RunState, trino: string): string {
  const areas = Object.keys(counts);
  const row = (chosen: readonly string[]): string[] =>
    verdicts.map((verdict) => grouped(chosen.reduce((total, area) => total + (counts[area]?.[verdict] ?? 0), 0)));
  return `Trino ${trino}, seed ${seed}: **${grouped(compared)} queries judged**, in ${grouped(statements)} statements on Trino.

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
