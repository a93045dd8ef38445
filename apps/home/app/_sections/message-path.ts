/** What happens between Enter and the first word, step by step. */
export const messagePath: readonly { readonly where: string; readonly text: string }[] = [
	{ where: "browser", text: "The chat page posts your message to its own site. It holds no token that a script could read." },
	{ where: "lmx site", text: "The server verifies the session by itself and asks accounts for a pass: one host, one role, 60 seconds." },
	{
		where: "tunnel door",
		text: "The host checks the pass against a key that was pinned when the host was claimed, and the route against your role.",
	},
	{
		where: "LMX",
		text: "The request joins the running batch, or waits in a bounded queue. A prompt that is too long is refused with the numbers.",
	},
	{ where: "model process", text: "llama.cpp computes the next token for every conversation in the batch at once." },
	{ where: "back", text: "Tokens stream the same way back. Close the page and the work stops at the host." },
];
