import { client, methods, ndJsonStream } from "@agentclientprotocol/sdk";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { expect, it } from "vitest";
import { createAcpAgent } from "./create-acp-agent.ts";

it("says that a turn could not be cancelled, once, and asks no more", async () => {
	let asked = 0;
	const noted = Promise.withResolvers<string>();
	const daemon: Partial<DaemonClient> = {
		async cancel() {
			asked += 1;
			return { ok: false, error: { code: "offline", message: "The daemon is gone.", status: null, retryAfterMs: null } };
		},
	};
	const toAgent = new TransformStream<Uint8Array, Uint8Array>();
	const toEditor = new TransformStream<Uint8Array, Uint8Array>();
	const served = createAcpAgent(daemon as DaemonClient, {}, noted.resolve).connect(ndJsonStream(toEditor.writable, toAgent.readable));
	const editor = client({ name: "editor under test" }).connect(ndJsonStream(toAgent.writable, toEditor.readable));
	await editor.agent.notify(methods.agent.session.cancel, { sessionId: "s" });
	expect(await noted.promise).toBe("The turn could not be cancelled, so it goes on: The daemon is gone.");
	expect(asked).toBe(1);
	editor.close();
	served.close();
});
