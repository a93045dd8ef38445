function words(part: unknown): string {
	if (!(part instanceof Error)) {
		return String(part);
	}
	const code = "code" in part && typeof part.code === "string" ? `${part.code} ` : "";
	return `${code}${part.message}`;
}

/**
 * One line for something that was logged. Errors of the database come with the statement's parameters and the row that
 * was refused, which hold addresses and hashes of passwords: of an error only its code and message are kept.
 */
export function logLine(parts: readonly unknown[]): string {
	return parts
		.map(words)
		.join(" ")
		.replaceAll(/\s*\n\s*/g, " ");
}

/** Makes everything that this process logs as an error one line without people's data. lite logs whole errors. */
export function quietErrors(): void {
	console.error = (...parts: unknown[]) => {
		process.stderr.write(`${logLine(parts)}\n`);
	};
}
