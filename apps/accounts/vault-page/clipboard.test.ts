import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clipboardLifeMs, copySecret } from "./clipboard.ts";

let text: string;
let isInFront: boolean;

beforeEach(() => {
	vi.useFakeTimers();
	text = "";
	isInFront = true;
	vi.stubGlobal("window", globalThis);
	vi.stubGlobal("addEventListener", (name: string, run: () => void) => target.addEventListener(name, run, { once: true }));
	vi.stubGlobal("navigator", {
		clipboard: {
			async writeText(given: string) {
				if (!isInFront) {
					throw new DOMException("not focused", "NotAllowedError");
				}
				text = given;
			},
		},
	});
});
const target = new EventTarget();

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

it("takes a secret off the clipboard after 30 seconds, counted from the last copy", async () => {
	expect(await copySecret("one")).toBe(true);
	await vi.advanceTimersByTimeAsync(clipboardLifeMs - 1);
	await copySecret("two");
	await vi.advanceTimersByTimeAsync(clipboardLifeMs - 1);
	expect(text).toBe("two");
	await vi.advanceTimersByTimeAsync(1);
	expect(text).toBe("");
});

it("takes it off when the reader comes back, where a page in the background may not", async () => {
	await copySecret("one");
	isInFront = false;
	await vi.advanceTimersByTimeAsync(clipboardLifeMs);
	expect(text).toBe("one");
	isInFront = true;
	target.dispatchEvent(new Event("focus"));
	await vi.advanceTimersByTimeAsync(0);
	expect(text).toBe("");
});

it("says so where there is no clipboard", async () => {
	vi.stubGlobal("navigator", {});
	expect(await copySecret("one")).toBe(false);
});
