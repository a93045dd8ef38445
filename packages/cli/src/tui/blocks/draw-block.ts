import type { Block } from "@opta/host-client/session/transcript";
import { drawDiff } from "../text/draw-diff.ts";
import { drawMarkdown, type MarkdownLook } from "../text/markdown.ts";
import { plainLine, plainText } from "../text/plain-text.ts";
import { countText, durationText } from "../text/quantity.ts";
import { truncateText, withMargin, wrapText } from "../text/wrap.ts";
import { drawTool } from "./draw-tool.ts";

/** How blocks are drawn. */
export interface BlockLook extends MarkdownLook {
	/** Whole reasoning and whole tool output instead of one line and the end. */
	readonly showReasoning: boolean;
	readonly showOutput: boolean;
	readonly ownClientId: string;
	/** Names of other clients, where the daemon knows them. */
	readonly clientNames: ReadonlyMap<string, string>;
	/** Tokens per second of turns that were watched. */
	readonly speeds: ReadonlyMap<string, number>;
}

/** Columns left of the words. */
export const margin = "  ";

/** Draws one block, without the empty line that follows it. */
export function drawBlock(block: Block, look: BlockLook): string[] {
	const { style, columns } = look;
	const width = columns - margin.length;
	switch (block.kind) {
		case "user":
			return drawUser(block, look);
		case "text":
			return withMargin(drawMarkdown(block.base > 0 ? `…${block.text}` : block.text, { ...look, columns: width }), margin);
		case "reasoning":
			return drawReasoning(block, look);
		case "tool":
			return drawTool(block, look);
		case "error":
			return [style.removed(`✗ ${block.title}`), ...withMargin(wrapText(plainText(block.text), width), margin)];
		case "done":
			return drawDone(block.done, look);
		case "diff":
			return withMargin(drawDiff(block.text, width, style), margin);
		case "note":
			return withMargin(
				plainText(block.text)
					.split("\n")
					.flatMap((line) => wrapText(line, width))
					.map((line) => style.dim(line)),
				margin,
			);
	}
}

function drawUser(block: Extract<Block, { kind: "user" }>, { style, columns, ownClientId, clientNames }: BlockLook): string[] {
	const lines = plainText(block.text)
		.split("\n")
		.flatMap((line) => wrapText(line, columns - 2))
		.map((line) => style.bold(line));
	const attached = block.attachments.map((attachment) => plainLine(attachment.name)).join(", ");
	const foreign = block.clientId !== null && block.clientId !== ownClientId;
	const from = foreign ? `from ${plainLine(clientNames.get(block.clientId ?? "") ?? "another client")}` : "";
	const notes = [attached === "" ? "" : `+ ${attached}`, from].filter((note) => note !== "");
	return [
		...withMargin(lines, style.accent("› "), margin),
		...notes.map((note) => style.dim(`${margin}${truncateText(note, columns - 2)}`)),
	];
}

function drawReasoning(block: Extract<Block, { kind: "reasoning" }>, { style, columns, showReasoning }: BlockLook): string[] {
	const text = plainText(block.text).trim();
	const words = text.split(/\s+/).length;
	if (showReasoning) {
		const lines = text.split("\n").flatMap((line) => wrapText(line, columns - 2));
		return withMargin(lines.map(style.dim), style.dim("∴ "), margin);
	}
	return [style.dim(`∴ ${block.settled ? "Thought" : "Thinking"} · ${countText(words, "word")}`)];
}

function drawDone(done: Extract<Block, { kind: "done" }>["done"], { style, columns, speeds }: BlockLook): string[] {
	const { usage } = done;
	const speed = speeds.get(done.turnId);
	const reasons = {
		stop: "",
		length: "The model reached its longest answer. Say “go on” for the rest.",
		cancelled: "Cancelled.",
		step_limit: "Stopped at the limit of steps. Say “go on” to let it work further.",
	};
	const facts = [
		durationText(done.durationMs),
		...(usage.completionTokens > 0 ? [countText(usage.completionTokens, "token")] : []),
		...(speed === undefined ? [] : [`${Math.round(speed)} tok/s`]),
		...(usage.promptTokens > 0 ? [`${Math.round((usage.cachedTokens / usage.promptTokens) * 100)} % from cache`] : []),
	].join(" · ");
	const cloud = done.provider === "anthropic" ? [style.warning(`${margin}Answered by Anthropic (${done.model ?? "cloud"}).`)] : [];
	const reason = reasons[done.reason];
	return [
		...(reason === "" ? [] : withMargin(wrapText(style.warning(reason), columns - 2), margin)),
		...cloud,
		style.dim(truncateText(`${margin}${facts}`, columns)),
	];
}
