import { thisPlatform } from "../platform/opta-home.ts";
import { detectSandbox } from "../sandbox/detect-sandbox.ts";

const found = await detectSandbox({
	platform: thisPlatform(),
	enabled: true,
	userHome: "/nonexistent",
	hidden: [],
	searchPath: "/usr/local/bin:/usr/bin:/bin",
});

/** Why commands run without a sandbox on this computer; null where they have one. Tests of what it keeps out are skipped without it. */
export const whyNoSandbox: string | null = found.note;
