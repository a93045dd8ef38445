import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { SessionIndex } from "./session-index.ts";
import { emptyState, type SessionState } from "./session-state.ts";

const all = { userId: null, ownsDevice: true };
const page = { trashed: false, limit: 50 };

async function newIndex(): Promise<{ index: SessionIndex; file: string }> {
	const file = path.join(await mkdtemp(path.join(tmpdir(), "opta-index-")), "search.sqlite");
	return { index: new SessionIndex(file), file };
}

function stateOf(id: string, title: string, texts: readonly string[], minute = 0): SessionState {
	const at = new Date(Date.UTC(2026, 10, 23, 6, minute)).toISOString();
	const state = emptyState(id, "e", at);
	const messages = texts.map((content, index) => ({ id: `${index}:${content}`, role: "user" as const, at, content }));
	return { ...state, file: { ...state.file, title, messages } };
}

it("forgets words that are not there any more, and keeps those that are", async () => {
	const { index } = await newIndex();
	const find = (query: string) => index.list({ ...page, query }, all).map(({ info }) => info.id);
	index.update(stateOf("a", "First", ["apple", "banana", "cherry"]), 10);
	index.update(stateOf("b", "Second", ["apple"]), 10);
	expect(find("apple").sort()).toEqual(["a", "b"]);
	index.update(stateOf("a", "Renamed", ["apple", "banana", "cherry", "damson"]), 20);
	expect([find("damson"), find("first"), find("renamed")]).toEqual([["a"], [], ["a"]]);
	index.update(stateOf("a", "Renamed", ["apple"]), 30);
	expect([find("banana"), find("damson"), find("apple").sort()]).toEqual([[], [], ["a", "b"]]);
	index.remove("b");
	expect(find("apple")).toEqual(["a"]);
	index.close();
});

it("gives every session once over all pages, last used first", async () => {
	const { index } = await newIndex();
	for (let minute = 0; minute < 23; minute += 1) {
		index.update(stateOf(`s${minute}`, "T", [], Math.floor(minute / 2)), 1);
	}
	const seen: string[] = [];
	let after: { updatedAt: string; id: string } | undefined;
	for (;;) {
		const found = index.list({ trashed: false, limit: 5, ...(after === undefined ? {} : { after }) }, all);
		const last = found.at(-1);
		if (last === undefined) {
			break;
		}
		seen.push(...found.map(({ info }) => info.metadata.updatedAt));
		after = { updatedAt: last.info.metadata.updatedAt, id: last.info.id };
	}
	expect(seen).toHaveLength(23);
	expect(seen).toEqual([...seen].sort().reverse());
	index.close();
});

it("takes any text as words, never as a language of its own", async () => {
	const { index } = await newIndex();
	index.update(stateOf("a", "T", ["text"]), 1);
	fc.assert(fc.property(fc.string(), (query) => index.list({ ...page, query }, all).length <= 1));
	for (const query of ['"', "a OR b", "NEAR(a b)", "text*", "-x", "col:x", "'; drop table sessions"]) {
		index.list({ ...page, query }, all);
	}
	index.close();
});

it("remembers over a restart how far each log was read", async () => {
	const { index, file } = await newIndex();
	index.update(stateOf("a", "T", ["text"]), 123);
	index.close();
	const again = new SessionIndex(file);
	expect(again.logs().get("a")).toEqual({ logBytes: 123, open: false, trashedAt: null });
	again.close();
});
