import { readFile } from "node:fs/promises";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { applyEdits, modify } from "jsonc-parser";
import { homeFiles } from "../platform/home-files.ts";
import { writePrivateText } from "../platform/private-file.ts";
import { adminKeyAccount, openComputerSecrets } from "./admin-key.ts";
import { parseConfigText } from "./config-file.ts";
import { describeConfigIssue } from "./describe-config-issue.ts";
import { renameOlder } from "./older-names.ts";

/** Where a setting went, or why it was not taken, for people. */
export type ConfigChange = { readonly ok: true; readonly place: string } | { readonly ok: false; readonly message: string };

const formattingOptions = { insertSpaces: false, tabSize: 1, eol: "\n" } as const;

async function readOrEmpty(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return "{}\n";
		}
		throw error;
	}
}

/**
 * Changes one setting of the user's configuration by its dotted name, keeping comments and order; `undefined` removes it.
 * The file is replaced whole or not at all, and only by one that is valid. `connection.adminKey` goes to the keychain.
 */
export async function setConfigValue(home: string, name: string, value: unknown): Promise<ConfigChange> {
	if (name === "connection.adminKey") {
		const secrets = await openComputerSecrets(home);
		await (typeof value === "string" && value !== "" ? secrets.write(adminKeyAccount, value) : secrets.remove(adminKeyAccount));
		return { ok: true, place: secrets.kind === "keychain" ? "the keychain" : secrets.place };
	}
	const file = homeFiles(home).config;
	const before = await readOrEmpty(file);
	const intact = parseConfigText(file, before);
	if (!intact.ok) {
		return intact;
	}
	const text = applyEdits(before, modify(before, name.split("."), value, { formattingOptions }));
	const parsed = parseConfigText(file, text);
	if (!parsed.ok) {
		return parsed;
	}
	const checked = optaConfigSchema.safeParse(renameOlder(parsed.text.tree, file).tree);
	if (!checked.success) {
		return { ok: false, message: describeConfigIssue(checked.error, () => file) };
	}
	await writePrivateText(file, text.endsWith("\n") ? text : `${text}\n`);
	return { ok: true, place: file };
}
