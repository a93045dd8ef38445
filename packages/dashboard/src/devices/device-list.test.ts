import { expect, it } from "vitest";
import { listDevices } from "./device-list.ts";

const times = { since: "2026-11-23T08:00:00Z", lastSeenAt: "2026-11-23T09:00:00Z" };

it("lists joined devices first, then those that are gone, then those that are only signed in, each once", () => {
	const devices = listDevices(
		[
			{ deviceId: "d2", name: "Old laptop", build: "0.1.0", connected: false, ...times },
			{ deviceId: "d1", name: "Laptop", build: "0.1.0", connected: true, ...times },
		],
		[
			{ id: "d3", name: "Desktop", lastSeenAt: null },
			{ id: "d1", name: "Laptop, as accounts knows it", lastSeenAt: null },
		],
	);
	expect(devices.map(({ name, state, at }) => [name, state, at])).toEqual([
		["Laptop", "joined", times.since],
		["Old laptop", "gone", times.lastSeenAt],
		["Desktop", "elsewhere", null],
	]);
});
