import { fileURLToPath } from "node:url";

/** The folder of the project, with a / at its end. */
export const projectDir = fileURLToPath(new URL("..", import.meta.url));
