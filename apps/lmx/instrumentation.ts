import { checkAtStart } from "./start/env.ts";

/** Runs once, before the first request: a variable that cannot be used ends the process with one line. */
export const register = checkAtStart;
