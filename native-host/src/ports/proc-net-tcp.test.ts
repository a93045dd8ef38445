import { describe, expect, it } from "vitest";
import { listeningInodes } from "./proc-net-tcp.ts";

const table = [
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
	"   0: 0100007F:04D2 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 48213 1 0000000000000000 100 0 0 10 0",
	"   1: 0100007F:04D2 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 48300 1 0000000000000000 20 4 30 10 -1",
	"   2: 00000000:2254 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51000 1 0000000000000000 100 0 0 10 0",
	"",
].join("\n");

describe("listeningInodes", () => {
	it("finds the listening socket of a port and not its connections", () => {
		expect(listeningInodes(table, 1234)).toEqual(["48213"]);
		expect(listeningInodes(table, 8788)).toEqual(["51000"]);
		expect(listeningInodes(table, 40_000)).toEqual([]);
		expect(listeningInodes("", 1234)).toEqual([]);
	});
});
