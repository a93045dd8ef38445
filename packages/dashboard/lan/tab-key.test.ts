import { describe, expect, it } from "vitest";
import { createTabKey, type KeyStorage } from "./tab-key.ts";

function memoryStorage(): KeyStorage {
	const entries = new Map<string, string>();
	return {
		getItem: (name) => entries.get(name) ?? null,
		setItem: (name, value) => entries.set(name, value),
		removeItem: (name) => entries.delete(name),
	};
}

describe("the key of a tab", () => {
	it("is sent once entered, without the spaces around it, and is there after a reload", () => {
		const storage = memoryStorage();
		const tabKey = createTabKey(() => storage);
		expect(tabKey.current()).toBeNull();
		expect(tabKey.enter(" opta-lmx-abc\n")).toBeNull();
		expect(tabKey.current()).toBe("opta-lmx-abc");
		expect(createTabKey(() => storage).current()).toBe("opta-lmx-abc");
	});

	it("that the host refuses is dropped, which the page hears, and is not there after a reload", () => {
		const storage = memoryStorage();
		const tabKey = createTabKey(() => storage);
		tabKey.enter("wrong");
		const heard: unknown[] = [];
		tabKey.subscribe(() => heard.push(tabKey.getState()));
		tabKey.refused("wrong");
		expect(heard).toEqual([{ key: null, refused: true }]);
		expect(createTabKey(() => storage).current()).toBeNull();
	});

	it("stays when an answer to an older one comes late", () => {
		const tabKey = createTabKey(memoryStorage);
		tabKey.enter("wrong");
		tabKey.enter("right");
		tabKey.refused("wrong");
		expect(tabKey.getState()).toEqual({ key: "right", refused: false });
	});

	it("is gone once forgotten", () => {
		const storage = memoryStorage();
		const tabKey = createTabKey(() => storage);
		tabKey.enter("right");
		tabKey.forget();
		expect(tabKey.getState()).toEqual({ key: null, refused: false });
		expect(createTabKey(() => storage).current()).toBeNull();
	});

	it.each(["", "  ", "two words", "schl\u00fcssel", "a\u0000b"])("is not %j, which no header can hold", (text) => {
		const tabKey = createTabKey(memoryStorage);
		expect(tabKey.enter(text)).toMatch(/key/i);
		expect(tabKey.current()).toBeNull();
	});

	it("works as long as the page where the browser keeps nothing", () => {
		const tabKey = createTabKey(() => {
			throw new DOMException("blocked", "SecurityError");
		});
		expect(tabKey.enter("right")).toBeNull();
		expect(tabKey.current()).toBe("right");
	});
});
