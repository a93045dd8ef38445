import type { ChatDelta } from "@opta/contracts/schema/lmx-chat";

/** Reads the text of one choice as it is generated, and tells thinking, content and calls of tools apart. */
export interface AnswerReader {
	/** What the next piece of text adds; text that may turn out to be markup is held back. */
	push(text: string): readonly ChatDelta[];
	/** What was held back when the text ended. */
	end(): readonly ChatDelta[];
	/** The text called a tool. */
	readonly calledTools: boolean;
}

/** Makes the reader of one choice; `startsInThinking`: the prompt has opened the thinking part already. */
export type CreateReader = (startsInThinking: boolean) => AnswerReader;

/** For text that is content and nothing else. */
export const plainReader: AnswerReader = {
	push: (text) => (text === "" ? [] : [{ content: text }]),
	end: () => [],
	calledTools: false,
};
