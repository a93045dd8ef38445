import { expect, it } from "vitest";
import { askOneByOne } from "./ask-line.ts";

it("asks one question at a time, and none that was answered elsewhere meanwhile", async () => {
	const shown: string[] = [];
	const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
	const ask = askOneByOne((question) => {
		shown.push(question);
		return answers[shown.length - 1]!.promise;
	});
	const [stays, goes] = [new AbortController(), new AbortController()];
	const first = ask("first?", stays.signal);
	const second = ask("second?", goes.signal);
	const third = ask("third?", stays.signal);
	await Promise.resolve();
	expect(shown).toEqual(["first?"]);
	goes.abort();
	answers[0]!.resolve("yes");
	expect(await first).toBe("yes");
	await expect(second).rejects.toThrow();
	answers[1]!.resolve("no");
	expect(await third).toBe("no");
	expect(shown).toEqual(["first?", "third?"]);
});
