import { type Block, transcript } from "@opta/host-client/session/transcript";
import type { ChatState, LocalBlock } from "./chat-state.ts";

/** What is shown: everything behind the place that was cleared. */
export function shownBlocks(state: Pick<ChatState, "view" | "locals" | "hiddenUntil">): readonly Block[] {
	const blocks = allBlocks(state);
	const hidden = state.hiddenUntil === null ? -1 : blocks.findIndex((block) => block.id === state.hiddenUntil);
	return hidden < 0 ? blocks : blocks.slice(hidden + 1);
}

/** Blocks of the session with those of this terminal between them; where a block has gone, what stood behind it comes last. */
export function allBlocks(state: Pick<ChatState, "view" | "locals">): readonly Block[] {
	const blocks = transcript(state.view);
	if (state.locals.length === 0) {
		return blocks;
	}
	const behind = Map.groupBy(state.locals, (local) => local.after);
	const known = new Set(blocks.map((block) => block.id));
	const take = (id: string | null): Block[] => (behind.get(id) ?? []).map((local) => local.block);
	const homeless = state.locals.filter((local) => local.after !== null && !known.has(local.after)).map((local) => local.block);
	return [...take(null), ...blocks.flatMap((block) => [block, ...take(block.id)]), ...homeless];
}

/** The state with a block of this terminal at the end, or in the place of the one with its id. */
export function withLocal(state: ChatState, block: Block): ChatState {
	if (state.locals.some((local) => local.block.id === block.id)) {
		return { ...state, locals: state.locals.map((local) => (local.block.id === block.id ? { ...local, block } : local)) };
	}
	const local: LocalBlock = { after: transcript(state.view).at(-1)?.id ?? null, block };
	return { ...state, locals: [...state.locals, local] };
}
