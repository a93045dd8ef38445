import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build as version } from "@opta/contracts/build";
import { type OutputChunk, rolldown } from "rolldown";
import { absentPackages, nativePackages } from "./native-packages.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Folder of the finished package. */
export const packageFolder = at("../dist/package");

type Manifest = Partial<Record<"dependencies" | "optionalDependencies", Record<string, string>>>;

/** The versions that the bundled packages ask for. */
async function readDependencies(): Promise<Record<string, string>> {
	const wanted: Record<string, string> = {};
	for (const folder of ["vault", "daemon", "cli"]) {
		const manifest = JSON.parse(await readFile(at(`../../${folder}/package.json`), "utf8")) as Manifest;
		Object.assign(wanted, manifest.optionalDependencies, manifest.dependencies);
	}
	return Object.fromEntries(
		nativePackages.map((name) => {
			const version = wanted[name];
			if (version === undefined) {
				throw new Error(`Nothing depends on ${name} any more: take it out of native-packages.ts.`);
			}
			return [name, version];
		}),
	);
}

async function writeManifest(): Promise<void> {
	const { description, license } = JSON.parse(await readFile(at("../package.json"), "utf8")) as Record<string, string>;
	const manifest = {
		name: "opta-cli",
		version,
		description,
		license,
		type: "module",
		bin: { opta: "opta.js" },
		engines: { node: ">=24" },
		dependencies: await readDependencies(),
	};
	await writeFile(`${packageFolder}/package.json`, `${JSON.stringify(manifest, null, "\t")}\n`);
}

/**
 * Makes the package that is published: the program (`opta.js`) and the daemon (`daemon.js`) with everything they import, and a
 * manifest that names the native packages only.
 */
export async function buildPackage(): Promise<string> {
	await rm(packageFolder, { recursive: true, force: true });
	await mkdir(packageFolder, { recursive: true });
	const bundle = await rolldown({
		input: { opta: at("../src/main.ts"), daemon: at("../../daemon/src/main.ts") },
		platform: "node",
		// Some packages have a UMD file for `main` whose own imports no bundler can follow (jsonc-parser).
		resolve: { mainFields: ["module", "main"] },
		external: [...nativePackages, ...absentPackages],
		transform: { define: { "process.env.DEV": '"false"' } },
		logLevel: "warn",
	});
	await bundle.write({
		dir: packageFolder,
		format: "esm",
		entryFileNames: "[name].js",
		// Beside the entries: the program finds the daemon next to its own chunk.
		chunkFileNames: "[name]-[hash].js",
		minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
		banner: (chunk: Pick<OutputChunk, "name" | "isEntry">) => (chunk.isEntry && chunk.name === "opta" ? "#!/usr/bin/env node" : ""),
	});
	await bundle.close();
	await writeManifest();
	await copyFile(at("../../../LICENSE"), `${packageFolder}/LICENSE`);
	await copyFile(at("../README.md"), `${packageFolder}/README.md`);
	return packageFolder;
}
