import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { type SkillEntry, type SkillList, skillPrefix } from "@opta/contracts/schema/lmx-skills";
import { type ParsedSkill, parseSkill } from "./parse-skill.ts";

const namePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const ending = ".md";
const maxBytes = 256 * 1024;

/** The skills of a folder: one Markdown file each. A changed file counts from the next request on. */
export class SkillFolder {
	readonly #folder: string;
	readonly #seen = new Map<string, { readonly modifiedAtMs: number; readonly bytes: number; readonly parsed: ParsedSkill }>();

	/** The folder need not be there. */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The skill that a request names as `skill:<name>`, in any case of letters; undefined for any other name. */
	find(id: string): SkillEntry | undefined {
		const name = id.toLowerCase();
		if (!name.startsWith(skillPrefix)) {
			return undefined;
		}
		const parsed = this.#read(name.slice(skillPrefix.length));
		return parsed?.ok === true ? parsed.skill : undefined;
	}

	/** All of them, and the files that are none. */
	list(): SkillList {
		const skills: SkillEntry[] = [];
		const problems: { file: string; message: string }[] = [];
		for (const file of this.#files()) {
			const name = file.slice(0, -ending.length);
			const parsed = this.#read(name);
			if (parsed === null) {
				problems.push({ file, message: "Its name must be lower-case letters, digits, dashes and underscores, and end in .md." });
			} else if (parsed.ok) {
				skills.push(parsed.skill);
			} else {
				problems.push({ file, message: parsed.message });
			}
		}
		return { skills, problems };
	}

	#files(): string[] {
		try {
			return readdirSync(this.#folder)
				.filter((file) => file.endsWith(ending))
				.sort();
		} catch {
			return [];
		}
	}

	/** Null where there is no such file, or none could have this name. */
	#read(name: string): ParsedSkill | null {
		if (!namePattern.test(name)) {
			return null;
		}
		const file = path.join(this.#folder, `${name}${ending}`);
		const stat = statSync(file, { throwIfNoEntry: false });
		if (stat?.isFile() !== true) {
			return null;
		}
		const seen = this.#seen.get(name);
		if (seen?.modifiedAtMs === stat.mtimeMs && seen.bytes === stat.size) {
			return seen.parsed;
		}
		const parsed = this.#parse(name, file, stat.size);
		this.#seen.set(name, { modifiedAtMs: stat.mtimeMs, bytes: stat.size, parsed });
		return parsed;
	}

	#parse(name: string, file: string, bytes: number): ParsedSkill {
		if (bytes > maxBytes) {
			return { ok: false, message: `It has ${bytes} bytes; at most ${maxBytes} are read.` };
		}
		try {
			return parseSkill(name, readFileSync(file, "utf8"));
		} catch (error) {
			return { ok: false, message: `It cannot be read: ${error instanceof Error ? error.message : String(error)}` };
		}
	}
}
