import { type ContentBlock, RequestError } from "@agentclientprotocol/sdk";
import type { Attachment } from "@opta/contracts/schema/daemon-message";

/** What a turn is begun with. */
export interface PromptContent {
	readonly content: string;
	readonly attachments: Attachment[];
}

/**
 * Reads an editor's prompt: text is the message, embedded files go with it, links are named in it.
 * @throws {RequestError} for pictures and sound, which were not offered.
 */
export function readPrompt(blocks: readonly ContentBlock[]): PromptContent {
	const texts: string[] = [];
	const attachments: Attachment[] = [];
	for (const block of blocks) {
		switch (block.type) {
			case "text":
				texts.push(block.text);
				break;
			case "resource_link":
				texts.push(`[${block.name}](${block.uri})`);
				break;
			case "resource": {
				const { resource } = block;
				if (!("text" in resource)) {
					throw RequestError.invalidParams(undefined, "Only files of text can be sent.");
				}
				attachments.push({ kind: "file", name: resource.uri.replace(/^file:\/\//, "").slice(0, 1024), content: resource.text });
				break;
			}
			default:
				throw RequestError.invalidParams(undefined, `The agent takes no ${block.type}.`);
		}
	}
	return { content: texts.join(""), attachments };
}
