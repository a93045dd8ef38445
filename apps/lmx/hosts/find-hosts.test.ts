import { expect, it } from "vitest";
import { toFoundHosts } from "./find-hosts.ts";

const lmx = { name: "Opta LMX on mono512", port: 1234, needsKey: false, needsAdminKey: true, build: "0.1.0" };

it("gives the page of each host, and leaves out what is no address", () => {
	const hosts = toFoundHosts([
		{ ...lmx, host: "192.168.1.10" },
		{ ...lmx, host: "mono512.local" },
		{ ...lmx, host: "fe80::1" },
		{ ...lmx, host: "evil.example/path?" },
		{ ...lmx, host: "user:secret@evil.example" },
		{ ...lmx, host: "javascript:alert(1)//" },
	]);
	expect(hosts.map(({ url }) => url)).toEqual(["http://192.168.1.10:1234", "http://mono512.local:1234", "http://[fe80::1]:1234"]);
	expect(hosts[0]).toEqual({ name: lmx.name, url: "http://192.168.1.10:1234", version: "0.1.0", needsAdminKey: true });
});
