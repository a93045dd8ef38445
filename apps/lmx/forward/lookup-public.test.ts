import type { LookupAddress } from "node:dns";
import { expect, it } from "vitest";
import { lookupPublic, mayBePublic } from "./lookup-public.ts";

function ask(hostname: string, all: boolean): Promise<string | LookupAddress[]> {
	return new Promise((resolve, reject) => {
		lookupPublic(hostname, { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
	});
}

it.each([true, false])("finds nothing where a name leads to this machine (all: %s)", async (all) => {
	await expect(ask("localhost", all)).rejects.toMatchObject({ code: "EACCES" });
});

it.each([
	["192.168.1.4", false],
	["169.254.169.254", false],
	["[::1]", false],
	["[::ffff:10.0.0.1]", false],
	["1.1.1.1", true],
	["[2606:4700::1111]", true],
	["mono512.example.com", true],
])("an address as such has to be of the internet: %s", (hostname, expected) => {
	expect(mayBePublic(hostname)).toBe(expected);
});

it.each([true, false])("answers an address of the internet as it is (all: %s)", async (all) => {
	const found = await ask("1.1.1.1", all);
	expect(all ? found : [{ address: found, family: 4 }]).toEqual([{ address: "1.1.1.1", family: 4 }]);
});
