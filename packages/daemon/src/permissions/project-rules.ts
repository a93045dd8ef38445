import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type PermissionRule, permissionRuleSchema } from "@opta/contracts/schema/daemon-permission";
import { z } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import { isMissing } from "../sessions/is-missing.ts";

const fileSchema = z.object({ format: z.literal(1), projects: z.record(z.string(), z.array(permissionRuleSchema)) });

/** Rules of one project; the oldest go beyond that. */
const maxRules = 500;

/**
 * What people allowed for a whole project, by the folder that it is in. Kept in the user's home: what a repository brings
 * along cannot allow itself anything.
 */
export class ProjectRules {
	readonly #file: string;
	readonly #projects: Map<string, readonly PermissionRule[]>;
	#writing: Promise<void> = Promise.resolve();

	private constructor(file: string, projects: Map<string, readonly PermissionRule[]>) {
		this.#file = file;
		this.#projects = projects;
	}

	/** Rejects when the file is there and cannot be read: rules that are lost in silence would only be asked for again, but a damaged file is told. */
	static async open(file: string): Promise<ProjectRules> {
		try {
			const { projects } = fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
			return new ProjectRules(file, new Map(Object.entries(projects)));
		} catch (error) {
			if (isMissing(error)) {
				return new ProjectRules(file, new Map());
			}
			throw error;
		}
	}

	of(workspace: string): readonly PermissionRule[] {
		return this.#projects.get(workspace) ?? [];
	}

	/** Adds rules; they hold at once, and are on the disk when it resolves. */
	async add(workspace: string, rules: readonly PermissionRule[]): Promise<void> {
		const known = this.of(workspace);
		const added = rules.filter((rule) => !known.some(({ tool, pattern }) => tool === rule.tool && pattern === rule.pattern));
		if (added.length === 0) {
			return;
		}
		this.#projects.set(workspace, [...known, ...added].slice(-maxRules));
		this.#writing = this.#writing.then(
			() => this.#write(),
			() => this.#write(),
		);
		await this.#writing;
	}

	async #write(): Promise<void> {
		await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
		const text = JSON.stringify({ format: 1, projects: Object.fromEntries(this.#projects) }, null, "\t");
		await replaceFile(this.#file, `${text}\n`);
	}
}
