import { createNextConfig } from "@opta/ui/next-config.ts";

/** `authInterrupts`: a refused page answers 403 by itself. */
export default createNextConfig({ site: "admin", extend: { experimental: { authInterrupts: true } } });
