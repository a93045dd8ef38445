/** What a `.env` file says, or the first line that is not understood. */
export type DotEnv =
	| { readonly ok: true; readonly variables: Readonly<Record<string, string>> }
	| { readonly ok: false; readonly line: number; readonly reason: string };

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

function parseValue(raw: string): { readonly value: string } | { readonly reason: string } {
	const quote = raw[0];
	if (quote === '"' || quote === "'") {
		const end = raw.indexOf(quote, 1);
		if (end === -1) {
			return { reason: `the quote ${quote} is not closed` };
		}
		const rest = raw.slice(end + 1).trim();
		return rest === "" || rest.startsWith("#") ? { value: raw.slice(1, end) } : { reason: `there is text after the closing ${quote}` };
	}
	const comment = raw.search(/\s#/);
	return { value: (comment === -1 ? raw : raw.slice(0, comment)).trim() };
}

/** Parses `NAME=value` lines, `#` comments and quoted values. Strict: a line of another form is an error, not skipped. */
export function parseDotEnv(text: string): DotEnv {
	const variables: Record<string, string> = {};
	for (const [index, rawLine] of text.split(/\r?\n/).entries()) {
		const line = rawLine.trim();
		if (line === "" || line.startsWith("#")) {
			continue;
		}
		const match = assignment.exec(line);
		if (match === null) {
			return { ok: false, line: index + 1, reason: "it is not of the form NAME=value" };
		}
		const [, name = "", raw = ""] = match;
		const parsed = parseValue(raw);
		if ("reason" in parsed) {
			return { ok: false, line: index + 1, reason: parsed.reason };
		}
		variables[name] = parsed.value;
	}
	return { ok: true, variables };
}
