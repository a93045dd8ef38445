import type { TaskResult } from "./run-task.ts";

function cell(text: string): string {
	return text.replaceAll("\n", " ").replaceAll("|", "\\|").slice(0, 90);
}

/** The results as a Markdown table, with what they come to. */
export function reportOf(results: readonly TaskResult[]): string {
	const rows = results.map(({ name, ok, reason, steps, toolCalls, promptTokens, cachedTokens, durationMs }) => {
		const cached = promptTokens === 0 ? "–" : `${Math.round((cachedTokens / promptTokens) * 100)} %`;
		return `| ${name} | ${ok ? "done" : `no: ${cell(reason ?? "")}`} | ${steps} | ${toolCalls} | ${cached} | ${(durationMs / 1000).toFixed(1)} s |`;
	});
	const done = results.filter(({ ok }) => ok).length;
	return [
		"| task | result | steps | calls | from the cache | time |",
		"| --- | --- | --- | --- | --- | --- |",
		...rows,
		"",
		`${done} of ${results.length} done.`,
		"",
	].join("\n");
}
