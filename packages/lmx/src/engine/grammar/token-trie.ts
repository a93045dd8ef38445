import type { Vocabulary } from "../context/inference-context.ts";

/**
 * All tokens of a vocabulary by the bytes of their text, as a tree: what cannot follow is left out with all
 * tokens that begin alike. Nodes are numbered, 0 is the root; a number of 0 elsewhere means none.
 */
export interface TokenTrie {
	readonly firstChild: Int32Array;
	readonly nextSibling: Int32Array;
	/** The byte that leads to a node. */
	readonly byte: Uint8Array;
	/** First token that ends at a node, plus 1. */
	readonly tokenAt: Int32Array;
	/** Next token with the same text, plus 1. */
	readonly nextToken: Int32Array;
	/** Tokens that end generation. */
	readonly ends: readonly number[];
	/** Bytes of a token. */
	bytes(token: number): Uint8Array;
}

/** Builds the tree; a fraction of a second for a large vocabulary, once. */
export function createTokenTrie(vocabulary: Vocabulary): TokenTrie {
	const { size } = vocabulary;
	const ends: number[] = [];
	const pieces: Uint8Array[] = [];
	const starts = new Int32Array(size + 1);
	for (let token = 0; token < size; token++) {
		if (vocabulary.isEndOfGeneration(token)) {
			ends.push(token);
			pieces.push(new Uint8Array());
		} else {
			pieces.push(vocabulary.piece(token));
		}
		starts[token + 1] = (starts[token] as number) + (pieces[token]?.length ?? 0);
	}
	const texts = Buffer.concat(pieces);
	const capacity = 1 + texts.length;
	const firstChild = new Int32Array(capacity);
	const nextSibling = new Int32Array(capacity);
	const byte = new Uint8Array(capacity);
	const tokenAt = new Int32Array(capacity);
	const nextToken = new Int32Array(size);
	let nodes = 1;
	const childOf = (node: number, wanted: number): number => {
		let child = firstChild[node] as number;
		while (child !== 0 && byte[child] !== wanted) {
			child = nextSibling[child] as number;
		}
		if (child === 0) {
			child = nodes++;
			byte[child] = wanted;
			nextSibling[child] = firstChild[node] as number;
			firstChild[node] = child;
		}
		return child;
	};
	pieces.forEach((piece, token) => {
		if (piece.length > 0) {
			const node = piece.reduce(childOf, 0);
			nextToken[token] = tokenAt[node] as number;
			tokenAt[node] = token + 1;
		}
	});
	return {
		firstChild: firstChild.slice(0, nodes),
		nextSibling: nextSibling.slice(0, nodes),
		byte: byte.slice(0, nodes),
		tokenAt: tokenAt.slice(0, nodes),
		nextToken,
		ends,
		bytes: (token) => texts.subarray(starts[token], starts[token + 1]),
	};
}
