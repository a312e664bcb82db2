import fs, { type PathLike } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Preloaded into a command (`node --import`), it makes every file system look full once the process has written so many
 * bytes: writes fail as the kernel fails them, on any machine and without its help.
 */
let left = Number(process.env["C360_TEST_DISK_BYTES"]);

function take(bytes: number): void {
  left -= bytes;
  if (left < 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

const lengthOf = (data: unknown): number =>
  typeof data === "string" ? Buffer.byteLength(data) : ArrayBuffer.isView(data) ? data.byteLength : 0;

/** The pipes to the terminal are no disk. */
const onDisk = (file: PathLike | number): boolean => typeof file !== "number" || file > 2;

const { writeSync, writeFileSync, appendFileSync, copyFileSync } = fs;
fs.writeSync = new Proxy(writeSync, {
  apply(target, self, [file, data, ...rest]) {
    if (onDisk(file)) take(lengthOf(data));
    return Reflect.apply(target, self, [file, data, ...rest]);
  },
});
for (const [name, original] of Object.entries({ writeFileSync, appendFileSync, copyFileSync })) {
  Reflect.set(
    fs,
    name,
    new Proxy(original, {
      apply(target, self, [file, data, ...rest]) {
        if (onDisk(file)) take(lengthOf(data));
        return Reflect.apply(target, self, [file, data, ...rest]);
      },
    }),
  );
}
syncBuiltinESMExports();
