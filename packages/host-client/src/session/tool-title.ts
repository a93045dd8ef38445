/** One line for a call of which only name and arguments are stored: the name in words and what it is about. */
export function toolTitle(name: string, toolArguments: Readonly<Record<string, unknown>>): string {
	const subject = ["path", "command", "pattern", "url", "query", "task", "question", "name"]
		.map((key) => toolArguments[key])
		.find((value) => typeof value === "string");
	const words = name
		.replace(/^mcp__/, "")
		.replaceAll("__", " ")
		.replaceAll("_", " ");
	const title = words.charAt(0).toUpperCase() + words.slice(1);
	return typeof subject === "string" ? `${title} ${subject}` : title;
}
