import { lstat, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { absolutePath, isInside, pathProblem, shownPath } from "./workspace-path.ts";

/** Where a path leads once every symbolic link on the way is followed. */
export interface Place {
	/** As the file system spells it; what does not exist yet keeps the letters it was given. */
	readonly absolute: string;
	/** As people, models and rules see it. */
	readonly shown: string;
	/** As it was given, where a link leads elsewhere: rules must allow both. */
	readonly alias?: string;
	readonly inside: boolean;
}

/** Arguments that make no sense, or a file that is not what the call needs; the message is for the model. */
export class ToolInputError extends Error {
	override readonly name = "ToolInputError";
}

const maxLinks = 40;

async function follow(absolute: string, linksLeft: number): Promise<string> {
	try {
		return await realpath(absolute);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ELOOP" || linksLeft === 0) {
			throw new ToolInputError(`${absolute}: too many symbolic links.`);
		}
		if (code === "ENOTDIR") {
			throw new ToolInputError(`${absolute}: a part of the path is a file, not a folder.`);
		}
		if (code === "EACCES" || code === "EPERM") {
			throw new ToolInputError(`${absolute}: no permission to look there.`);
		}
		if (code !== "ENOENT") {
			throw error;
		}
	}
	const parent = path.dirname(absolute);
	if (parent === absolute) {
		return absolute;
	}
	const place = path.join(await follow(parent, linksLeft), path.basename(absolute));
	const target = await lstat(place).then(
		(found) => (found.isSymbolicLink() ? readlink(place) : null),
		() => null,
	);
	return target === null ? place : follow(path.resolve(path.dirname(place), target), linksLeft - 1);
}

/** Follows a path from the workspace. Rejects with `ToolInputError` where it cannot be meant. `workspace` must be a real path. */
export async function locate(workspace: string, given: string): Promise<Place> {
	const problem = pathProblem(workspace, given);
	if (problem !== null) {
		throw new ToolInputError(`${JSON.stringify(given)}: ${problem}`);
	}
	const asked = absolutePath(workspace, given);
	const absolute = await follow(asked, maxLinks);
	const shown = shownPath(workspace, absolute);
	const alias = shownPath(workspace, asked);
	return { absolute, shown, ...(alias === shown ? {} : { alias }), inside: isInside(workspace, absolute) };
}
