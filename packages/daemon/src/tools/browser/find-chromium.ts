import { existsSync } from "node:fs";
import path from "node:path";
import type { OptaPlatform } from "../../platform/opta-home.ts";

const programNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

/** Places where browsers of the Chromium family are installed, besides PATH. */
function installedPlaces(platform: OptaPlatform, environment: Readonly<Record<string, string>>): readonly string[] {
	if (platform === "darwin") {
		const apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
		return apps.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
	}
	if (platform === "win32") {
		const roots = [environment.PROGRAMFILES ?? "C:\\Program Files", "C:\\Program Files (x86)", environment.LOCALAPPDATA ?? ""];
		return roots.flatMap((root) => [
			path.win32.join(root, "Google", "Chrome", "Application", "chrome.exe"),
			path.win32.join(root, "Microsoft", "Edge", "Application", "msedge.exe"),
		]);
	}
	return ["/usr/bin", "/usr/local/bin", "/snap/bin"].flatMap((folder) => programNames.map((name) => `${folder}/${name}`));
}

/** The browser to use: the first on PATH, else the first that is installed where such browsers are. Null where there is none. */
export function findChromium(
	platform: OptaPlatform,
	environment: Readonly<Record<string, string>>,
	exists: (file: string) => boolean = existsSync,
): string | null {
	const folders = platform === "win32" ? [] : (environment.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
	const onPath = folders.flatMap((folder) => programNames.map((name) => `${folder}/${name}`));
	return [...onPath, ...installedPlaces(platform, environment)].find(exists) ?? null;
}
