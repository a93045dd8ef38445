import { expect, it } from "vitest";
import { createOutput } from "../../terminal/output.ts";
import { textReporter } from "./turn-reporter.ts";
import { createResult, type TurnResult } from "./turn-result.ts";

function report(result: Partial<TurnResult>): { stdout: string; stderr: string } {
	const written = { stdout: "", stderr: "" };
	const to = (name: "stdout" | "stderr") => ({
		write(text: string, done?: () => void) {
			written[name] += text;
			done?.();
		},
	});
	textReporter(createOutput(to("stdout"), to("stderr"), {})).end({ ...createResult("session"), ...result });
	return written;
}

it("says beside the answer which turns left the network", () => {
	const cloud = report({ text: "Done.", provider: "anthropic", model: "claude-sonnet-5" });
	expect(cloud).toEqual({ stdout: "Done.\n", stderr: expect.stringContaining("Answered by Anthropic (claude-sonnet-5).") });
	expect(report({ text: "Done.", provider: "lmx", model: "small" })).toEqual({ stdout: "Done.\n", stderr: "" });
});
