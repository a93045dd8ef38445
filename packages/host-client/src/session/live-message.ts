/** Part of a message that is being written. `base` is where `text` begins: above 0 when earlier parts were lost. */
export interface LiveChannel {
	readonly base: number;
	readonly text: string;
}

/** Nothing of a message yet. */
export const emptyChannel: LiveChannel = { base: 0, text: "" };

/** The message that the model is writing. */
export interface LiveMessage {
	readonly messageId: string;
	readonly turnId: string;
	readonly text: LiveChannel;
	readonly reasoning: LiveChannel;
}

/** The channel with a piece added: repeated parts are cut, and after a hole it begins anew behind the hole. */
export function extendChannel(channel: LiveChannel, offset: number, text: string): LiveChannel {
	const end = channel.base + channel.text.length;
	if (offset > end) {
		return { base: offset, text };
	}
	return offset + text.length <= end ? channel : { base: channel.base, text: channel.text + text.slice(end - offset) };
}
