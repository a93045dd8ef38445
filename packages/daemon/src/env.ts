import type { Environment } from "./platform/opta-home.ts";

/** The environment this process was given. */
export const environment: Environment = process.env;
