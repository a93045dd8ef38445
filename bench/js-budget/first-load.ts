import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

/** The scripts that a current browser loads with one page, and their size. */
export interface PageScripts {
	/** Route of the page, such as `/chat`. */
	readonly route: string;
	readonly files: readonly string[];
	readonly gzipBytes: number;
}

interface BuildManifest {
	readonly rootMainFiles: readonly string[];
}

interface ClientReferenceManifest {
	readonly entryJSFiles: Readonly<Record<string, readonly string[]>>;
}

function readClientManifest(file: string): ClientReferenceManifest {
	const sandbox: { globalThis?: unknown; __RSC_MANIFEST?: Record<string, ClientReferenceManifest> } = {};
	sandbox.globalThis = sandbox;
	vm.runInNewContext(readFileSync(file, "utf8"), sandbox);
	const manifest = Object.values(sandbox.__RSC_MANIFEST ?? {})[0];
	if (manifest === undefined) {
		throw new Error(`${file} holds no manifest; has the format of Next.js changed?`);
	}
	return manifest;
}

/**
 * Reads a build of Next.js: for every page, the files of the framework, of the layouts and boundaries around it and its own.
 * `nomodule` polyfills are not counted, since no current browser loads them.
 * @param buildFolder a site's `.next`
 */
export function readPageScripts(buildFolder: string): readonly PageScripts[] {
	const build: BuildManifest = JSON.parse(readFileSync(path.join(buildFolder, "build-manifest.json"), "utf8"));
	const appFolder = path.join(buildFolder, "server", "app");
	return globSync("**/page_client-reference-manifest.js", { cwd: appFolder })
		.filter((file) => !file.startsWith("_"))
		.map((file) => {
			const manifest = readClientManifest(path.join(appFolder, file));
			const own = Object.entries(manifest.entryJSFiles)
				.filter(([entry]) => !entry.includes("node_modules/next/"))
				.flatMap(([, files]) => files);
			const files = [...new Set([...build.rootMainFiles, ...own])];
			const gzipBytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(buildFolder, name)), { level: 9 }).length, 0);
			return { route: `/${path.dirname(file) === "." ? "" : path.dirname(file)}`, files, gzipBytes };
		});
}
