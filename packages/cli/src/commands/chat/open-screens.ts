import { exitCodes } from "@opta/contracts/daemon-protocol";
import { runsFromSources } from "../../daemon/daemon-command.ts";
import type { ExitName } from "../../program/command-spec.ts";
import type { OpenChatOptions } from "../../tui/open-chat.ts";

type Screens = typeof import("../../tui/open-chat.ts");

/** The screens. Node runs no JSX: in the repository they are bundled first, the published program has them so. */
async function loadScreens(): Promise<Screens> {
	if (!runsFromSources) {
		return import("../../tui/open-chat.ts");
	}
	// Named by an address, since the published program has no bundler.
	const { bundleScreens } = (await import(
		new URL("../../../build/bundle-screens.ts", import.meta.url).href
	)) as typeof import("../../../build/bundle-screens.ts");
	return (await import((await bundleScreens()).href)) as Screens;
}

/** Opens the screens until the person leaves them. */
export async function openScreens(options: OpenChatOptions): Promise<ExitName> {
	const { openChat } = await loadScreens();
	const code = await openChat(options);
	const name = (Object.keys(exitCodes) as ExitName[]).find((candidate) => exitCodes[candidate] === code);
	return name ?? "failed";
}
