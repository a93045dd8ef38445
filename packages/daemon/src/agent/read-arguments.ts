import type { ToolCall } from "@opta/contracts/schema/daemon-message";
import { parseJson } from "@opta/host-client/host-error";
import type { ModelCall } from "../model/model-source.ts";
import { isRecord, parseLooseJson } from "../model/text-calls.ts";

/** The arguments of a call, or why they are none. */
export type ReadArguments = { readonly ok: true; readonly values: ToolCall["arguments"] } | { readonly ok: false; readonly reason: string };

/** True where the text ends within a string: what it would have said is not known. */
function endsInString(text: string): boolean {
	let inString = false;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === "\\") {
			at++;
		} else if (text[at] === '"') {
			inString = !inString;
		}
	}
	return inString;
}

/**
 * Reads what a model wrote as arguments. Small mistakes (quotes, commas, closing brackets) are repaired; arguments that were
 * cut off (`isCut`, or within a string) are not: half a file must not be written.
 */
export function readArguments({ argumentsText }: ModelCall, isCut: boolean): ReadArguments {
	const text = argumentsText.trim();
	const strict = text === "" ? {} : parseJson(text);
	if (isRecord(strict)) {
		return { ok: true, values: strict };
	}
	if (isCut || endsInString(text)) {
		return { ok: false, reason: "The arguments were cut off before their end, so nothing was done. Call again, with less in one call." };
	}
	const repaired = parseLooseJson(text);
	return isRecord(repaired)
		? { ok: true, values: repaired }
		: { ok: false, reason: "The arguments are not a JSON object, so nothing was done. Call again with a JSON object." };
}
