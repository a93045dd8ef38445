import type { DoctorCheck } from "@opta/contracts/schema/doctor";
import { expect, it } from "vitest";
import { reportText } from "./report-text.ts";

const checks = [
	{ layer: "lmx", name: "answers", state: "failed", summary: "LMX does not answer.", fix: "Start it: npm run host.", durationMs: 3 },
	{ layer: "session", name: "signed-in", state: "ok", summary: "Signed in.", fix: null, durationMs: 1 },
] as const satisfies readonly DoctorCheck[];

it("says as text, from the outside in, what is to be done", () => {
	expect(reportText({ build: "0.1.0", at: "2026-11-23T09:00:00Z", checks: [...checks] }, "Mono512")).toBe(
		[
			"Doctor of Mono512, 2026-11-23T09:00:00Z, build 0.1.0",
			"ok      Your session: Signed in.",
			"failed  LMX: LMX does not answer.",
			"        fix: Start it: npm run host.",
		].join("\n"),
	);
});
