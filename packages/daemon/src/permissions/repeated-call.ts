import { isDeepStrictEqual } from "node:util";
import type { Message } from "@opta/contracts/schema/daemon-message";

/** So often may a model make the same call in one turn before a person is asked. */
const freeRepeats = 3;

/** True where a model has called the same tool with the same arguments three times in a row in this turn, and this is one more. */
export function isRepeatedCall(messages: readonly Message[], turnId: string, callId: string): boolean {
	const calls = messages.filter((message) => message.turnId === turnId).flatMap(({ toolCalls }) => toolCalls ?? []);
	const index = calls.findIndex(({ id }) => id === callId);
	const call = calls[index];
	if (call === undefined || index < freeRepeats) {
		return false;
	}
	return calls
		.slice(index - freeRepeats, index)
		.every((earlier) => earlier.name === call.name && isDeepStrictEqual(earlier.arguments, call.arguments));
}
