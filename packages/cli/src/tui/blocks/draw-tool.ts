import { diffCounts } from "@opta/host-client/session/diff-counts";
import { toolTitle } from "@opta/host-client/session/tool-title";
import type { Block } from "@opta/host-client/session/transcript";
import { drawDiff } from "../text/draw-diff.ts";
import { plainLine, plainText } from "../text/plain-text.ts";
import { countText, durationText } from "../text/quantity.ts";
import { truncateText, withMargin } from "../text/wrap.ts";
import type { BlockLook } from "./draw-block.ts";

const shownLines = { tail: 6, failure: 12, diff: 32, all: 400 };

/** Draws a call: what it does, then its diff, or the end of its output while it runs or when it failed. */
export function drawTool(block: Extract<Block, { kind: "tool" }>, look: BlockLook): string[] {
	const { run, decision } = block;
	const { style, columns, showOutput } = look;
	const signs = { running: style.accent("○ "), ok: style.accent("● "), failed: style.removed("✗ "), stopped: style.dim("■ ") };
	const time = run.durationMs !== null && run.durationMs >= 1000 ? ` · ${durationText(run.durationMs)}` : "";
	const counts = run.diff === null ? null : diffCounts(run.diff);
	const change = counts === null ? "" : ` +${counts.added} −${counts.removed}`;
	const title = truncateText(plainLine(run.title ?? toolTitle(run.name, run.arguments)), columns - 2 - time.length - change.length);
	const head = signs[run.state] + title + style.dim(change + time);
	const denied =
		decision?.decision === "deny"
			? [style.dim(decision.cause === "answered" ? `denied by ${plainLine(decision.by)}` : "nobody answered in time")]
			: [];
	const body = [...denied, ...drawBody(run, look, showOutput)];
	return [head, ...withMargin(body, style.dim("│ "), style.dim("│ ")).map((line) => `  ${line}`)];
}

function drawBody(run: Extract<Block, { kind: "tool" }>["run"], { style, columns }: BlockLook, showOutput: boolean): string[] {
	const width = columns - 4;
	if (run.diff !== null && run.diff !== "") {
		return clip(drawDiff(run.diff, width, style), showOutput ? shownLines.all : shownLines.diff, "start", style.dim);
	}
	const text = plainText(run.output ?? run.tail).trimEnd();
	if (text === "" || (run.state === "ok" && !showOutput && run.name !== "run_command")) {
		return [];
	}
	const lines = text.split("\n").map((line) => style.dim(truncateText(line, width)));
	const limit = showOutput ? shownLines.all : run.state === "failed" ? shownLines.failure : shownLines.tail;
	return clip(lines, limit, "end", style.dim);
}

/** At most `limit` lines of the start or the end, and how many were left out. */
function clip(lines: readonly string[], limit: number, part: "start" | "end", dim: (text: string) => string): string[] {
	if (lines.length <= limit) {
		return [...lines];
	}
	const note = dim(`… ${countText(lines.length - limit, "more line")}`);
	return part === "start" ? [...lines.slice(0, limit), note] : [note, ...lines.slice(-limit)];
}
