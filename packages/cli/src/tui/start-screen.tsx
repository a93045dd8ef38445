import { exitCodes } from "@opta/contracts/daemon-protocol";
import { render, Text } from "ink";
import type { OpenChatOptions } from "./open-chat.ts";

/** Draws the chat until the person leaves it. */
export async function startScreen(options: OpenChatOptions): Promise<number> {
	const screen = render(<Text>{options.workspace}</Text>, { alternateScreen: options.fullScreen });
	await screen.waitUntilExit();
	return exitCodes.ok;
}
