import { createNextConfig } from "@opta/ui/next-config.ts";

export default createNextConfig({ site: "accounts", ownPolicy: true });
