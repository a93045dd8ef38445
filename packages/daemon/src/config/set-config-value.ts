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

const adminKeyName = "connection.adminKey";
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

/** Settings by dotted names; `undefined` removes one. */
export type ConfigChanges = Readonly<Record<string, unknown>>;

async function writeAdminKey(home: string, value: unknown): Promise<string> {
	const secrets = await openComputerSecrets(home);
	await (typeof value === "string" && value !== "" ? secrets.write(adminKeyAccount, value) : secrets.remove(adminKeyAccount));
	return secrets.kind === "keychain" ? "the keychain" : secrets.place;
}

/**
 * Changes settings of the user's configuration, all of them or none, keeping comments and order. The file is replaced whole, and
 * only by one that is valid. `connection.adminKey` goes to the keychain.
 */
export async function setConfigValues(home: string, changes: ConfigChanges): Promise<ConfigChange> {
	const { [adminKeyName]: adminKey, ...written } = changes;
	const file = homeFiles(home).config;
	let place = file;
	if (Object.keys(written).length > 0) {
		const before = await readOrEmpty(file);
		const intact = parseConfigText(file, before);
		if (!intact.ok) {
			return intact;
		}
		let text = before;
		for (const [name, value] of Object.entries(written)) {
			text = applyEdits(text, modify(text, name.split("."), value, { formattingOptions }));
		}
		const parsed = parseConfigText(file, text);
		if (!parsed.ok) {
			return parsed;
		}
		const checked = optaConfigSchema.safeParse(renameOlder(parsed.text.tree, file).tree);
		if (!checked.success) {
			return { ok: false, message: describeConfigIssue(checked.error, () => file) };
		}
		await writePrivateText(file, text.endsWith("\n") ? text : `${text}\n`);
	}
	if (Object.hasOwn(changes, adminKeyName)) {
		place = await writeAdminKey(home, adminKey);
	}
	return { ok: true, place };
}

/** Changes one setting by its dotted name, as `setConfigValues` does. */
export function setConfigValue(home: string, name: string, value: unknown): Promise<ConfigChange> {
	return setConfigValues(home, { [name]: value });
}
