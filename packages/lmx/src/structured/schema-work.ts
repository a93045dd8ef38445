import { GrammarBuilder } from "./grammar.ts";
import { JsonRules } from "./json-rules.ts";
import { SchemaRefusal } from "./schema/read-schema.ts";
import { Terms } from "./text/terms.ts";

/** Schemas read for one grammar, references counted each time. */
const maxVisits = 20_000;

/** One grammar in the making. All schemas of a request share it, and what may be spent on them. */
export class SchemaWork {
	readonly grammar = new GrammarBuilder();
	readonly terms = new Terms();
	readonly json = new JsonRules(this.grammar, this.terms);
	#visits = 0;

	/** Counts a schema that is read; throws SchemaRefusal when there were too many. */
	visit(pointer: string): void {
		if (++this.#visits > maxVisits) {
			throw new SchemaRefusal("It is too large, alone or with the other schemas of the request.", pointer);
		}
	}
}
