/** What a walk along the tokens of a prompt found. */
export interface PrefixMatch {
	/** Tokens from the start that the tree knows. */
	readonly length: number;
	/** A sequence that holds them; null when the length is 0. */
	readonly owner: number | null;
}

/** A stretch of tokens that every sequence in `owners` holds, in common. */
class Node {
	parent: Node | null;
	/** Position of the first token. */
	start: number;
	tokens: Int32Array;
	readonly owners: Set<number>;
	readonly children = new Map<number, Node>();

	constructor(parent: Node | null, start: number, tokens: Int32Array, owners: Iterable<number>) {
		this.parent = parent;
		this.start = start;
		this.tokens = tokens;
		this.owners = new Set(owners);
	}

	get end(): number {
		return this.start + this.tokens.length;
	}
}

function commonLength(edge: Int32Array, tokens: Int32Array, from: number, limit: number): number {
	const most = Math.min(edge.length, limit - from);
	let length = 0;
	while (length < most && edge[length] === tokens[from + length]) {
		length++;
	}
	return length;
}

/**
 * A radix tree of the tokens that sequences hold in the cache: common beginnings stand in it once. It keeps
 * copies of the tokens, so that callers may go on with theirs.
 */
export class PrefixTree {
	readonly #root = new Node(null, 0, new Int32Array(), []);
	/** Where each sequence's path ends. */
	readonly #ends = new Map<number, Node>();

	/** Tokens that the tree has for a sequence. */
	lengthOf(owner: number): number {
		return this.#ends.get(owner)?.end ?? 0;
	}

	/** The longest beginning of the first `limit` tokens that any sequence holds. */
	match(tokens: Int32Array, limit: number): PrefixMatch {
		let node = this.#root;
		let length = 0;
		for (;;) {
			const child = length < limit ? node.children.get(tokens[length] as number) : undefined;
			if (child === undefined) {
				break;
			}
			const common = commonLength(child.tokens, tokens, length, limit);
			length += common;
			node = child;
			if (common < child.tokens.length) {
				break;
			}
		}
		const [owner] = node.owners;
		return { length, owner: owner ?? null };
	}

	/** Notes that a sequence holds the first `length` tokens; what it had before must be a beginning of them. */
	insert(owner: number, tokens: Int32Array, length: number): void {
		let node = this.#ends.get(owner) ?? this.#root;
		while (node.end < length) {
			node = this.#descend(node, owner, tokens, length);
		}
		if (node !== this.#root) {
			this.#ends.set(owner, node);
		}
	}

	#descend(node: Node, owner: number, tokens: Int32Array, length: number): Node {
		const from = node.end;
		const child = node.children.get(tokens[from] as number);
		if (child === undefined) {
			const leaf = new Node(node, from, tokens.slice(from, length), [owner]);
			node.children.set(tokens[from] as number, leaf);
			return leaf;
		}
		const common = commonLength(child.tokens, tokens, from, length);
		const reached = common === child.tokens.length ? child : this.#split(child, common);
		reached.owners.add(owner);
		return reached;
	}

	/** Cuts a node in two and gives the upper half; the node itself stays the lower one, for the paths that end at it. */
	#split(node: Node, at: number): Node {
		const upper = new Node(node.parent, node.start, node.tokens.subarray(0, at), node.owners);
		upper.parent?.children.set(upper.tokens[0] as number, upper);
		node.parent = upper;
		node.start += at;
		node.tokens = node.tokens.subarray(at);
		upper.children.set(node.tokens[0] as number, node);
		return upper;
	}

	/** Forgets a sequence. */
	remove(owner: number): void {
		let node = this.#ends.get(owner) ?? null;
		this.#ends.delete(owner);
		while (node !== null && node.parent !== null) {
			const { parent }: Node = node;
			node.owners.delete(owner);
			if (node.owners.size === 0) {
				parent.children.delete(node.tokens[0] as number);
			} else {
				this.#joinWithOnlyChild(node);
			}
			node = parent;
		}
	}

	/** A node that nothing branches off or ends at becomes one with the node below. */
	#joinWithOnlyChild(node: Node): void {
		const [child] = node.children.values();
		if (child === undefined || node.children.size > 1 || child.owners.size !== node.owners.size) {
			return;
		}
		const tokens = new Int32Array(node.tokens.length + child.tokens.length);
		tokens.set(node.tokens);
		tokens.set(child.tokens, node.tokens.length);
		child.tokens = tokens;
		child.start = node.start;
		child.parent = node.parent;
		node.parent?.children.set(tokens[0] as number, child);
	}

	/** Other sequences that hold all that a sequence holds. */
	coverersOf(owner: number): number[] {
		return [...(this.#ends.get(owner)?.owners ?? [])].filter((other) => other !== owner);
	}

	/** Tokens that at least one of the sequences holds, common ones counted once. */
	tokensHeldBy(isCounted: (owner: number) => boolean): number {
		const count = (node: Node): number => {
			let sum = 0;
			for (const child of node.children.values()) {
				if ([...child.owners].some(isCounted)) {
					sum += child.tokens.length + count(child);
				}
			}
			return sum;
		};
		return count(this.#root);
	}
}
