import { open } from "node:fs/promises";
import path from "node:path";
import type { Attachment } from "@opta/contracts/schema/daemon-message";
import { findMentions } from "./find-completion.ts";

/** Files that were mentioned: what goes along with the prompt, and what does not and why. */
export interface ReadMentions {
	readonly attachments: readonly Attachment[];
	readonly refused: readonly string[];
}

const longestFile = 256 * 1024;
const longestMention = 16;
const picture = /\.(png|jpe?g|gif|webp|bmp|tiff?|heic|avif)$/i;

/**
 * Reads the files that a prompt mentions. What is no file of the workspace stays what it was, words (`@someone`). Pictures
 * are refused with the reason; of large files the model gets the name and reads what it needs with its tools.
 */
export async function readMentions(
	text: string,
	workspace: string,
	model: { readonly name: string; readonly vision: boolean },
): Promise<ReadMentions> {
	const mentions = findMentions(text).slice(0, longestMention);
	const read = await Promise.all(mentions.map((file) => readMention(file, workspace, model)));
	return {
		attachments: read.filter((entry) => entry !== null && typeof entry !== "string"),
		refused: read.filter((entry) => typeof entry === "string"),
	};
}

async function readMention(
	file: string,
	workspace: string,
	model: { readonly name: string; readonly vision: boolean },
): Promise<Attachment | string | null> {
	const fullPath = path.resolve(workspace, file);
	const relative = path.relative(workspace, fullPath);
	if (relative.startsWith("..") || path.isAbsolute(relative)) {
		return null;
	}
	const handle = await open(fullPath, "r").catch(() => null);
	if (handle === null) {
		return null;
	}
	try {
		const { size, isFile } = await handle.stat().then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
		if (!isFile) {
			return null;
		}
		if (picture.test(file)) {
			return model.vision
				? `${file} was not sent: pictures cannot be attached yet. Describe what it shows instead.`
				: `${file} was not sent: ${model.name} reads text only. Choose a model with vision (/model), or describe the picture.`;
		}
		if (size > longestFile) {
			return null;
		}
		const content = await handle.readFile();
		return content.includes(0)
			? `${file} was not sent: it is no text file.`
			: { kind: "file", name: file, content: content.toString("utf8") };
	} finally {
		await handle.close();
	}
}
