import { spawn } from "node:child_process";

/** Opens an address with the system's browser. Resolves with what went wrong, null when it was started. */
export function openInBrowser(url: string): Promise<string | null> {
	const { promise, resolve } = Promise.withResolvers<string | null>();
	const [command, ...before] = openerOf(process.platform);
	const opener = spawn(command, [...before, url], { stdio: "ignore", detached: true });
	opener.on("error", (error) => resolve(error.message));
	opener.on("spawn", () => resolve(null));
	opener.unref();
	return promise;
}

function openerOf(platform: NodeJS.Platform): [command: string, ...before: string[]] {
	if (platform === "darwin") {
		return ["open"];
	}
	return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}
