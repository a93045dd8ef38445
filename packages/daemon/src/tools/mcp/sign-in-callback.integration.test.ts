import { expect, onTestFinished, test } from "vitest";
import { listenForSignIn } from "./sign-in-callback.ts";

async function listen(timeoutMs = 30_000) {
	const callback = await listenForSignIn("the-state", timeoutMs);
	onTestFinished(callback.close);
	return callback;
}

test("the answer with our state gives the code", async () => {
	const { redirectUrl, code } = await listen();
	expect(new URL(redirectUrl).hostname).toBe("127.0.0.1");
	expect((await fetch(`${redirectUrl}?state=the-state&code=abc`)).status).toBe(200);
	expect(await code).toBe("abc");
});

test("answers with another state are not taken, and the right one still is", async () => {
	const { redirectUrl, code } = await listen();
	expect((await fetch(`${redirectUrl}?state=forged&code=evil`)).status).toBe(404);
	await fetch(`${redirectUrl}?state=the-state&code=abc`);
	expect(await code).toBe("abc");
});

test("a refusal and a time that ran out are told", async () => {
	const refused = await listen();
	await fetch(`${refused.redirectUrl}?state=the-state&error=access_denied`);
	await expect(refused.code).rejects.toThrow("refused");
	await expect((await listen(1)).code).rejects.toThrow("in time");
});
