import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type Backend, type Machine, type PlatformBuild, platformBuilds } from "./platform-build.ts";

/** The release of llama.cpp whose structs `struct-layouts.ts` describes. Another one must not be loaded. */
export const pinnedRelease = "v0.5.0";

/** Paths of the libraries of one build, in the order in which they must be loaded. */
export interface LibraryFiles {
	readonly build: PlatformBuild;
	readonly folder: string;
	readonly base: string;
	readonly ggml: string;
	readonly llama: string;
}

/** Why no library can be used, in one sentence for the person who starts LMX. */
export class LibraryUnavailableError extends Error {}

const require = createRequire(import.meta.url);

function packageFolder(name: string): string | null {
	const roots = require.resolve.paths(name) ?? [];
	return roots.map((root) => path.join(root, name)).find((folder) => existsSync(path.join(folder, "package.json"))) ?? null;
}

function readJson(file: string): Record<string, unknown> {
	return JSON.parse(readFileSync(file, "utf8"));
}

/** Looks at device files only: loading a GPU library to find out could take seconds. */
function thisMachine(): Machine {
	const isWindows = process.platform === "win32";
	return {
		platform: process.platform,
		arch: process.arch,
		hasNvidiaDriver: isWindows ? existsSync("C:\\Windows\\System32\\nvcuda.dll") : existsSync("/dev/nvidiactl"),
		hasRenderDevice: isWindows ? existsSync("C:\\Windows\\System32\\vulkan-1.dll") : existsSync("/dev/dri/renderD128"),
	};
}

function oneFile(folder: string, files: readonly string[], pattern: RegExp): string {
	const found = files.find((file) => pattern.test(file));
	if (found === undefined) {
		throw new LibraryUnavailableError(`The inference library in ${folder} is incomplete. Run npm ci to install it again.`);
	}
	return path.join(folder, found);
}

/** Finds the libraries that node-llama-cpp brought for this machine; throws LibraryUnavailableError where there are none. */
export function findLibrary(wanted: Backend): LibraryFiles {
	const owner = packageFolder("node-llama-cpp");
	if (owner === null) {
		throw new LibraryUnavailableError("The package node-llama-cpp is not installed. Run npm ci.");
	}
	const release = readJson(path.join(owner, "llama", "llama.cpp.info.json")).tag;
	if (release !== pinnedRelease) {
		throw new LibraryUnavailableError(
			`node-llama-cpp brings llama.cpp ${String(release)}, but LMX is written for ${pinnedRelease}. Run npm ci to install the pinned version.`,
		);
	}
	const version = readJson(path.join(owner, "package.json")).version;
	for (const build of platformBuilds(thisMachine(), wanted)) {
		const root = packageFolder(build.packageName);
		if (root === null || readJson(path.join(root, "package.json")).version !== version) {
			continue;
		}
		const folder = path.join(root, "bins", build.folder);
		const files = readdirSync(folder);
		return {
			build,
			folder,
			base: oneFile(folder, files, /^(?:lib)?ggml-base\.(?:so|dylib|dll)$/),
			ggml: oneFile(folder, files, /^(?:lib)?ggml(?:\.[\w.]+)?\.(?:so|dylib|dll)$/),
			llama: oneFile(folder, files, /^(?:lib)?llama(?:\.[\w.]+)?\.(?:so|dylib|dll)$/),
		};
	}
	throw new LibraryUnavailableError(
		`No inference library for ${process.platform}-${process.arch} (${wanted}) is installed. Run npm ci without --omit=optional, or choose another --backend.`,
	);
}
