import { spawn } from "node:child_process";
import { once } from "node:events";

/** The program that opens an address, and its arguments. */
export function browserCommand(platform: NodeJS.Platform, url: string): readonly [string, readonly string[]] {
	switch (platform) {
		case "darwin":
			return ["open", [url]];
		case "win32":
			// `start` would read the & of an address as the end of the command.
			return ["rundll32", ["url.dll,FileProtocolHandler", url]];
		default:
			return ["xdg-open", [url]];
	}
}

/** Opens an address in the person's browser; false where that cannot be done here. */
export async function openBrowser(url: string): Promise<boolean> {
	const [program, args] = browserCommand(process.platform, url);
	const child = spawn(program, args, { stdio: "ignore", detached: true });
	child.unref();
	try {
		await once(child, "spawn");
		return true;
	} catch {
		return false;
	}
}
