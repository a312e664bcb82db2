import type { TestProject } from "vitest/node";
import { folder } from "./command.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder that all test files of one run share. */
    readonly sharedFolder: string;
  }
}

/** Makes the shared folder before the first test file, and gives what removes it after the last. */
export function setup(project: TestProject): () => void {
  const shared = folder();
  project.provide("sharedFolder", shared.path);
  return shared.remove;
}
