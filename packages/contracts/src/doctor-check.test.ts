import { describe, expect, it } from "vitest";
import { type CheckSubject, fine, runCheck } from "./doctor-check.ts";

const subject: CheckSubject = { layer: "lmx", name: "models", timeLimitMs: 20, fixWhenLate: "Restart it." };

describe("runCheck", () => {
	it("tells what the look found", async () => {
		const check = await runCheck(subject, () => fine("one model"));
		expect(check).toEqual({ layer: "lmx", name: "models", state: "ok", summary: "one model", fix: null, durationMs: expect.any(Number) });
	});

	it("gives up a look that takes too long, ends it, and says what to do", async () => {
		let given: AbortSignal | undefined;
		const check = await runCheck(subject, (signal) => {
			given = signal;
			return new Promise(() => undefined);
		});
		expect(check).toMatchObject({ state: "failed", summary: "No answer within 0.02 s.", fix: "Restart it." });
		expect(given?.aborted).toBe(true);
	});

	it.each([
		() => Promise.reject(new Error("no such file")),
		() => {
			throw new Error("no such file");
		},
	])("is a failed check where the look itself fails", async (look) => {
		expect(await runCheck(subject, look)).toMatchObject({ state: "failed", summary: "The check itself failed: no such file" });
	});
});
