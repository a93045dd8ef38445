import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** Bundles the screens of the repository's sources, which takes well under a second; the address of the module. */
export async function bundleScreens(): Promise<URL> {
	const input = fileURLToPath(new URL("../src/tui/open-chat.ts", import.meta.url));
	const target = new URL("../dist/screens/", import.meta.url);
	const bundle = await rolldown({ input, platform: "node", external: [/^(?!\.|\/|@opta\/)/], logLevel: "warn" });
	await bundle.write({ dir: fileURLToPath(target), format: "esm", entryFileNames: "open-chat.js" });
	await bundle.close();
	return new URL("open-chat.js", target);
}
