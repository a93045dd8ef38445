import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { firstThatAnswers, usableDoorUrl, usableLanUrls } from "./host-addresses.ts";

it("tries addresses of the own network alone without TLS, and names with TLS alone", () => {
	const lanUrls = [
		"http://192.168.1.10:8789",
		"http://[fe80::1]:8789",
		"http://127.0.0.1:8789",
		"https://192.168.1.10:8789",
		"http://8.8.8.8:8789",
		"http://evil.example:8789",
		"nothing",
	];
	expect(usableLanUrls({ lanUrls, doorUrl: null })).toEqual(lanUrls.slice(0, 3));
	const door = (doorUrl: string | null): string | null => usableDoorUrl({ lanUrls: [], doorUrl });
	expect(door("https://some-words.trycloudflare.com")).toBe("https://some-words.trycloudflare.com");
	expect(door("http://some-words.trycloudflare.com")).toBeNull();
	expect(door("http://door.optalocal.localhost:8788")).toBe("http://door.optalocal.localhost:8788");
	expect(door(null)).toBeNull();
});

it("finds the address that answers, and none where nobody does", async () => {
	const server = createServer((socket) => socket.destroy());
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const { signal } = new AbortController();
	expect(await firstThatAnswers(["http://127.0.0.1:9", url], 2000, signal)).toBe(url);
	expect(await firstThatAnswers([url], 2000, AbortSignal.abort())).toBeNull();
	expect(await firstThatAnswers([], 2000, signal)).toBeNull();
	server.close();
	await once(server, "close");
	expect(await firstThatAnswers([url], 2000, signal)).toBeNull();
});
