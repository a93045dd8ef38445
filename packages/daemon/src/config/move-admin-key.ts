import { readFile } from "node:fs/promises";
import { applyEdits, modify } from "jsonc-parser";
import { homeFiles } from "../platform/home-files.ts";
import { writePrivateText } from "../platform/private-file.ts";
import { adminKeyAccount, openComputerSecrets } from "./admin-key.ts";
import { parseConfigText } from "./config-file.ts";

const places = [["connection", "adminKey"], ["admin_key"]];

/** Moves an admin key that was written in the user's configuration to where secrets are kept. The notice says so; null: there was none. */
export async function moveAdminKey(home: string): Promise<string | null> {
	const file = homeFiles(home).config;
	const text = await readFile(file, "utf8").catch((error: unknown) => {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return "";
		}
		throw error;
	});
	const parsed = parseConfigText(file, text);
	if (!parsed.ok) {
		return null;
	}
	for (const place of places) {
		const key = place.reduce<unknown>(
			(at, step) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined),
			parsed.text.tree,
		);
		if (typeof key === "string" && key !== "") {
			const secrets = await openComputerSecrets(home);
			await secrets.write(adminKeyAccount, key);
			await writePrivateText(file, applyEdits(text, modify(text, place, undefined, {})));
			return `${file}: the admin key was moved to ${secrets.kind === "keychain" ? "the keychain" : secrets.place}.`;
		}
	}
	return null;
}
