import { startPlatform } from "./start-platform.ts";

/** `npm start`: builds what changed and runs the whole platform. */
process.exit(await startPlatform("start", process.argv.slice(2)));
