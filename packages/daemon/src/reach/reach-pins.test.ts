import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openReachPins, type ReachPins } from "./reach-pins.ts";

const coordinate = (letter: string): string => letter.repeat(43);
const keyOf = (letter: string) => ({ kty: "EC", crv: "P-256", x: coordinate(letter), y: coordinate("y") }) as const;
const hostId = "01a206ff-6941-76c8-90d1-90d4217cab22";
const pin = { issuer: "https://accounts.optalocal.com", deviceId: hostId };
let folder: string;
let file: string;
let pins: ReachPins;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), "opta-pins-"));
	file = path.join(folder, "reach.json");
	pins = openReachPins(file);
});

afterEach(() => rm(folder, { recursive: true }));

it("remembers the first key of a host, refuses another one, and takes it once the host was forgotten", async () => {
	expect(await pins.isHostKey(hostId, keyOf("a"))).toBe(true);
	expect(await openReachPins(file).isHostKey(hostId, keyOf("b"))).toBe(false);
	expect(await pins.isHostKey(hostId, keyOf("a"))).toBe(true);
	await pins.forgetHost(hostId);
	expect(await pins.isHostKey(hostId, keyOf("b"))).toBe(true);
	expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("keeps the keys of accounts for one sign-in, beside those of hosts", async () => {
	const keys = [{ ...keyOf("k"), kid: "accounts-1" }];
	expect(await pins.readAccounts(pin)).toBeNull();
	await pins.isHostKey(hostId, keyOf("a"));
	await pins.writeAccounts(pin, keys);
	expect(await pins.readAccounts(pin)).toEqual(keys);
	expect(await pins.readAccounts({ ...pin, deviceId: "another" })).toBeNull();
	expect(await pins.isHostKey(hostId, keyOf("b"))).toBe(false);
});

it("says what to do with a damaged file instead of trusting anew", async () => {
	await writeFile(file, "{");
	await expect(pins.isHostKey(hostId, keyOf("a"))).rejects.toThrow("opta reach on");
});
