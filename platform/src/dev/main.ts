import { startPlatform } from "../start/start-platform.ts";

/** `npm run dev`: the platform with its sites in watch mode. */
process.exit(await startPlatform("dev", process.argv.slice(2)));
