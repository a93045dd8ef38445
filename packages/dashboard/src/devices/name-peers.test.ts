import { expect, it } from "vitest";
import { namePeers } from "./name-peers.ts";

const peer = { name: "vm-17", build: "0.1.0", connected: true, since: "2026-11-23T08:00:00Z", lastSeenAt: "2026-11-23T09:00:00Z" };

it("calls a device as its owner named it in the account, else as it calls itself", () => {
	const named = namePeers(
		[
			{ deviceId: "d1", ...peer },
			{ deviceId: "d2", ...peer },
		],
		[{ id: "d1", name: "Laptop", lastSeenAt: null }],
	);
	expect(named.map(({ name }) => name)).toEqual(["Laptop", "vm-17"]);
});
