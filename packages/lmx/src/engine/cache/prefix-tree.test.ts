import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrefixTree } from "./prefix-tree.ts";

const tokensOf = (text: string): Int32Array => Int32Array.from(Buffer.from(text));

/** The same by comparing whole lists. */
class NaiveTree {
	readonly lists = new Map<number, number[]>();

	match(tokens: readonly number[]): number {
		const common = (list: readonly number[]): number => {
			const differs = tokens.findIndex((token, index) => list[index] !== token);
			return differs === -1 ? tokens.length : differs;
		};
		return Math.max(0, ...[...this.lists.values()].map(common));
	}

	heldBy(isCounted: (owner: number) => boolean): number {
		const counted = [...this.lists].filter(([owner]) => isCounted(owner));
		return new Set(counted.flatMap(([, list]) => list.map((_, index) => list.slice(0, index + 1).join()))).size;
	}

	coverersOf(owner: number): number[] {
		const list = this.lists.get(owner) ?? [];
		const starts = (other: readonly number[]): boolean => list.every((token, index) => other[index] === token);
		return [...this.lists].filter(([name, other]) => name !== owner && starts(other)).map(([name]) => name);
	}
}

const owner = fc.nat(5);
/** Few tokens and short lists, so that beginnings are often alike. */
const list = fc.array(fc.nat(1), { minLength: 1, maxLength: 8 });
const action = fc.oneof(
	fc.record({ kind: fc.constant("insert" as const), owner, list }),
	fc.record({ kind: fc.constant("extend" as const), owner, list }),
	fc.record({ kind: fc.constant("remove" as const), owner, list }),
);

describe("PrefixTree", () => {
	it("finds, counts and forgets like a comparison of whole lists", () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 40 }), list, (actions, asked) => {
				const tree = new PrefixTree();
				const naive = new NaiveTree();
				for (const { kind, owner: name, list: tokens } of actions) {
					const before = naive.lists.get(name) ?? [];
					if (kind === "remove" || kind === "insert") {
						tree.remove(name);
						naive.lists.delete(name);
					}
					if (kind !== "remove") {
						const next = kind === "insert" ? tokens : [...before, ...tokens];
						tree.insert(name, Int32Array.from(next), next.length);
						naive.lists.set(name, next);
					}
				}
				const found = tree.match(Int32Array.from(asked), asked.length);
				expect(found.length).toBe(naive.match(asked));
				if (found.owner !== null) {
					expect(naive.lists.get(found.owner)?.slice(0, found.length)).toEqual(asked.slice(0, found.length));
				}
				for (const [name, tokens] of naive.lists) {
					expect(tree.lengthOf(name)).toBe(tokens.length);
					expect(tree.coverersOf(name).sort()).toEqual(naive.coverersOf(name).sort());
				}
				expect(tree.tokensHeldBy(() => true)).toBe(naive.heldBy(() => true));
				expect(tree.tokensHeldBy((name) => name % 2 === 0)).toBe(naive.heldBy((name) => name % 2 === 0));
			}),
			{ numRuns: 500 },
		);
	});

	it("looks at no more tokens than it is told", () => {
		const tree = new PrefixTree();
		tree.insert(3, tokensOf("abcdef"), 6);
		expect(tree.match(tokensOf("abcdef"), 5)).toEqual({ length: 5, owner: 3 });
		expect(tree.match(tokensOf("xbc"), 3)).toEqual({ length: 0, owner: null });
	});
});
