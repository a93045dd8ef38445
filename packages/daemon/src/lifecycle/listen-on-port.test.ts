import { expect, it } from "vitest";
import { portsToTry } from "./listen-on-port.ts";

it("tries 9999, then 10000 to 10020, or the wanted one alone", () => {
	const ports = portsToTry(undefined);
	expect([ports[0], ports[1], ports.at(-1), ports.length]).toEqual([9999, 10_000, 10_020, 22]);
	expect(portsToTry(4711)).toEqual([4711]);
});
