import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** Where cloudflared is looked for. */
export interface CloudflaredPlaces {
	/** Given by the user; then nowhere else is looked. */
	readonly configured: string | undefined;
	/** The variable `PATH`. */
	readonly searchPath: string | undefined;
}

/** Services start with a short `PATH`: these are where package managers put it. */
const usualFolders = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin"];

function isProgram(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch (error) {
		if (error instanceof Error && "code" in error) {
			return false;
		}
		throw error;
	}
}

/** The program, or null where it is not on this machine. */
export function findCloudflared({ configured, searchPath }: CloudflaredPlaces): string | null {
	if (configured !== undefined && configured !== "") {
		return isProgram(configured) ? configured : null;
	}
	const folders = (searchPath ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
	return [...folders, ...usualFolders].map((folder) => path.join(folder, "cloudflared")).find(isProgram) ?? null;
}

/** What to do where it is not found, in one sentence or two. */
export function explainMissing(configured: string | undefined, platform: NodeJS.Platform): string {
	if (configured !== undefined && configured !== "") {
		return `OPTA_CLOUDFLARED names ${configured}, which is no program. Correct it, or unset it.`;
	}
	const how =
		platform === "darwin"
			? "brew install cloudflared"
			: "take the package of your system from https://pkg.cloudflare.com, or the file from https://github.com/cloudflare/cloudflared/releases";
	return `cloudflared is not on this machine. To open the tunnel: ${how}. It is looked for again every minute.`;
}
