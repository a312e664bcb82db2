import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A handler with everything it imports as one ESM file. Byte-stable: the same sources give the same bytes on every
 * machine, so that an unchanged function is not deployed again.
 * @param handler path of the handler's file from the project's root, e.g. `pipelines/to-lake/handler.ts`
 */
export function bundle(handler: string): pulumi.asset.AssetArchive {
  const { outputFiles } = buildSync({
    entryPoints: [handler],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "silent",
    // CommonJS packages inside an ESM bundle still call `require` for Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const code = outputFiles[0]?.text;
  if (code === undefined) throw new Error(`${handler}: esbuild gave no output.`);
  return new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) });
}
