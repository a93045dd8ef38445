import { expect, test } from "vitest";
import { OriginGate } from "./origin-gate.ts";

const gate = (over: { allowedOrigins?: string[]; deniedOrigins?: string[]; refuse?: string } = {}) =>
	new OriginGate(
		() => ({ allowedOrigins: [], deniedOrigins: [], ...over }),
		(url) => {
			if (url.hostname === over.refuse) {
				throw new Error("local only");
			}
		},
	);

test("documents come from hosts that were opened, with and without www and TLS, or that the configuration allows", async () => {
	const opened = gate({ allowedOrigins: ["https://*.example.org"] });
	await opened.approve(new URL("http://93.184.216.34/x"));
	expect(opened.isOpen(new URL("https://93.184.216.34/y"))).toBe(true);
	expect(opened.isOpen(new URL("https://a.example.org/"))).toBe(true);
	expect(opened.isOpen(new URL("https://example.com/"))).toBe(false);
});

test("a page of the web reaches nothing of this computer or its network", async () => {
	const web = gate();
	await web.approve(new URL("https://93.184.216.34/"));
	for (const address of [
		"http://127.0.0.1:9999/",
		"http://localhost:9999/",
		"http://x.localhost/",
		"http://[::1]/",
		"http://192.168.1.1/",
		"http://169.254.169.254/",
	]) {
		await expect(web.resolve(new URL(address)), address).rejects.toThrow("own network");
	}
	expect(await web.resolve(new URL("https://1.1.1.1/"))).toBe("1.1.1.1");
});

test("a page of this computer reaches other services of it, and not the rest of the network", async () => {
	const local = gate();
	await local.approve(new URL("http://localhost:5173/"));
	expect(await local.resolve(new URL("http://127.0.0.1:8000/api"))).toBe("127.0.0.1");
	await expect(local.resolve(new URL("http://192.168.1.1/"))).rejects.toThrow("own network");
});

test("what is denied or refused by local only cannot be opened nor reached", async () => {
	const strict = gate({ deniedOrigins: ["https://*.bad.example"], allowedOrigins: ["*"], refuse: "1.1.1.1" });
	await expect(strict.approve(new URL("https://very.bad.example/"))).rejects.toThrow("tools.deniedOrigins");
	await expect(strict.resolve(new URL("https://1.1.1.1/"))).rejects.toThrow("local only");
});

test("a connection waits for the request that it is for, not for ever", async () => {
	const waiting = gate();
	const redirected = waiting.isOfPage(new URL("https://next.example/"));
	waiting.noteRequest(new URL("https://other.example/"));
	waiting.noteRequest(new URL("https://next.example/path"));
	expect(await redirected).toBe(true);
	expect(await waiting.isOfPage(new URL("https://maker.example/"))).toBe(false);
});
