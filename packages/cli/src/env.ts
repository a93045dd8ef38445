import type { Environment } from "@opta/daemon/platform/opta-home";

/** Variables of this process. Read here and nowhere else, and handed on. */
export const environment: Environment = process.env;
