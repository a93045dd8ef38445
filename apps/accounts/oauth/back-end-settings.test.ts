import { describe, expect, it } from "vitest";
import { createBackEndSettings, offeredProviders } from "./back-end-settings.ts";

const source = { supabaseUrl: "http://127.0.0.1:1", publishableKey: "sb_publishable_test" };

function answering(...answers: readonly (unknown | Error)[]) {
	const asked: { readonly url: string; readonly apikey: string | null }[] = [];
	const send: typeof fetch = async (input, init) => {
		asked.push({ url: String(input), apikey: new Headers(init?.headers).get("apikey") });
		const answer = answers[Math.min(asked.length, answers.length) - 1];
		if (answer instanceof Error) {
			throw answer;
		}
		return Response.json(answer);
	};
	return { asked, send };
}

describe("settings of the back end", () => {
	it("names the providers that are on, whatever else the back end lists", async () => {
		const { asked, send } = answering({ external: { github: true, google: false, apple: "yes", azure: true, email: true }, more: 1 });
		const settings = await createBackEndSettings(source, send)();
		expect(settings).toEqual({ providers: ["github"], takesNewAccounts: true, confirmsAddresses: true });
		expect(asked).toEqual([{ url: "http://127.0.0.1:1/auth/v1/settings", apikey: "sb_publishable_test" }]);
	});

	it("asks once for requests that come together, and again after a minute", async () => {
		const { asked, send } = answering({ external: { github: true } }, { external: { apple: true } });
		let nowMs = 0;
		const read = createBackEndSettings(source, send, () => nowMs);
		await Promise.all([read(), read(), read()]);
		expect(asked).toHaveLength(1);
		nowMs = 60_000;
		expect((await read())?.providers).toEqual(["apple"]);
		expect(asked).toHaveLength(2);
	});

	it("goes on with the last answer while the back end is away, and knows nothing before the first", async () => {
		const { send } = answering(new Error("refused"), { external: { github: true } }, new Error("refused"), "no settings");
		let nowMs = 0;
		const read = createBackEndSettings(source, send, () => nowMs);
		expect(await read()).toBeNull();
		for (const laterMs of [5_000, 70_000, 140_000]) {
			nowMs = laterMs;
			expect((await read())?.providers).toEqual(["github"]);
		}
	});

	it("offers no provider where addresses count without being confirmed", async () => {
		const { send } = answering({ external: { github: true }, mailer_autoconfirm: true });
		expect(offeredProviders(await createBackEndSettings(source, send)())).toEqual([]);
		expect(offeredProviders(null)).toEqual([]);
	});
});
