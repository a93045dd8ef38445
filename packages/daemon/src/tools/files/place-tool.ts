import type { z } from "zod";
import type { Tool, ToolAccess, ToolContext, ToolKind, ToolOutcome } from "../tool.ts";
import { fileProblem } from "./file-problem.ts";
import { locate, type Place, ToolInputError } from "./locate.ts";
import { isControlPath, isSecretPath } from "./sensitive-path.ts";

/** The places of a call, in the order of its paths; there is always one. */
export type Places = readonly [Place, ...Place[]];

/** A tool that works on paths. */
export interface PlaceTool<Input> {
	readonly name: string;
	readonly description: string;
	readonly kind: ToolKind;
	readonly input: z.ZodType<Input>;
	/** Paths that the call is about, as they were given. Throws `ToolInputError` or `PatchError` where the arguments make no sense. */
	readonly paths: (input: Input) => readonly [string, ...string[]];
	/** One line for a person; `shown` are the paths as people see them. */
	readonly title: (input: Input, shown: readonly [string, ...string[]]) => string;
	/** What a person needs to see to decide. */
	readonly detail?: (input: Input, places: Places) => Promise<string>;
	readonly run: (input: Input, places: Places, context: ToolContext) => Promise<ToolOutcome>;
}

function subjectsOf(place: Place): string[] {
	return place.alias === undefined ? [place.shown] : [place.shown, place.alias];
}

/** What "always" would allow: the folder of an ordinary file (as a glob), a secret or a control file by its own name only. */
function patternsOf(place: Place): string[] {
	if (isSecretPath(place.shown) || isControlPath(place.shown) || !place.inside) {
		return subjectsOf(place);
	}
	return subjectsOf(place).map((subject) => {
		const plain = subject.replaceAll(/[\\[\]{}()*?!+@|]/g, "\\$&");
		// With a slash, as a pattern without one is about that name in every folder.
		return plain.includes("/") ? `${plain.slice(0, plain.lastIndexOf("/"))}/**` : `./${plain}`;
	});
}

/** True for what is asked for in every mode but `auto`. */
function isRisky(kind: ToolKind, place: Place): boolean {
	return !place.inside || isSecretPath(place.shown) || (kind === "edit" && isControlPath(place.shown));
}

function titleWithWarning(title: string, kind: ToolKind, places: readonly Place[]): string {
	if (places.some((place) => !place.inside)) {
		return `${title} (outside the workspace)`;
	}
	if (kind === "edit" && places.some((place) => isControlPath(place.shown))) {
		return `${title} (other programs run what it says)`;
	}
	return places.some((place) => isSecretPath(place.shown)) ? `${title} (may hold secrets)` : title;
}

/** Failures that the model can do something about become outcomes, others go on. */
async function told(work: () => Promise<ToolOutcome>, shown: string): Promise<ToolOutcome> {
	try {
		return await work();
	} catch (error) {
		const message = fileProblem(error, shown);
		if (message === null) {
			throw error;
		}
		return { ok: false, output: message };
	}
}

/**
 * A tool whose paths are followed before it is allowed and again before it runs: where a link leads elsewhere by then, it does not run.
 * `access` rejects with `ToolInputError` where the arguments make no sense.
 */
export function placeTool<Input>(parts: PlaceTool<Input>): Tool {
	const allowed = new WeakMap<object, string>();
	const placesOf = async (input: Input, workspace: string): Promise<Places> => {
		const [first, ...others] = parts.paths(input);
		return [await locate(workspace, first), ...(await Promise.all(others.map((given) => locate(workspace, given))))];
	};
	const spelled = (places: readonly Place[]): string => JSON.stringify(places.map((place) => place.absolute));

	const access = async (raw: unknown, { workspace }: Pick<ToolContext, "workspace">): Promise<ToolAccess> => {
		const input = parts.input.parse(raw);
		const places = await placesOf(input, workspace);
		if (typeof raw === "object" && raw !== null) {
			allowed.set(raw, spelled(places));
		}
		const detail = await parts.detail?.(input, places);
		const [first, ...others] = places;
		const title = parts.title(input, [first.shown, ...others.map((place) => place.shown)]);
		return {
			title: titleWithWarning(title, parts.kind, places),
			...(detail === undefined ? {} : { detail }),
			subjects: [...new Set(places.flatMap(subjectsOf))],
			alwaysPatterns: [...new Set(places.flatMap(patternsOf))],
			...(places.some((place) => isRisky(parts.kind, place)) ? { outsideWorkspace: true } : {}),
		};
	};

	const run = (raw: unknown, context: ToolContext): Promise<ToolOutcome> => {
		const input = parts.input.parse(raw);
		return told(async () => {
			const places = await placesOf(input, context.workspace);
			const before = typeof raw === "object" && raw !== null ? allowed.get(raw) : undefined;
			if (before !== undefined && before !== spelled(places)) {
				throw new ToolInputError("A path leads elsewhere than when the call was allowed: a link was changed meanwhile. Call again.");
			}
			return parts.run(input, places, context);
		}, parts.paths(input).join(", "));
	};
	return { name: parts.name, description: parts.description, kind: parts.kind, input: parts.input, access, run };
}
