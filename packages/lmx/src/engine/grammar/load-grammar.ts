import type { Vocabulary } from "../context/inference-context.ts";
import type { EngineGrammar } from "../engine-messages.ts";
import { RefusalError } from "../refusal.ts";
import { type GrammarGuide, LazyGuide, StrictGuide } from "./grammar-guide.ts";
import { GrammarMachine } from "./grammar-machine.ts";
import { GrammarError } from "./grammar-source.ts";
import { parseGbnf } from "./parse-gbnf.ts";
import { createTokenTrie, type TokenTrie } from "./token-trie.ts";

/** Makes the guide of one request. Throws RefusalError for a text that is not a grammar. */
export type LoadGrammar = (grammar: EngineGrammar) => GrammarGuide;

/** Reads grammars for one vocabulary. */
export function createGrammarLoader(vocabulary: Vocabulary): LoadGrammar {
	let trie: TokenTrie | null = null;
	const tokenOf = (name: string): number | null => {
		const tokens = vocabulary.tokenize(name, { special: true, begin: false });
		return tokens.length === 1 ? (tokens[0] as number) : null;
	};
	return ({ gbnf, triggers }) => {
		try {
			const machine = new GrammarMachine(parseGbnf(gbnf, tokenOf));
			trie ??= createTokenTrie(vocabulary);
			return triggers === null || triggers.length === 0 ? new StrictGuide(machine, trie) : new LazyGuide(machine, trie, triggers);
		} catch (error) {
			if (error instanceof GrammarError) {
				throw new RefusalError("invalid_request", `The grammar cannot be read: ${error.message}.`, { param: "grammar" });
			}
			throw error;
		}
	};
}
