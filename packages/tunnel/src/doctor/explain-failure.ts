/** What a request that got no answer came to, in words that end a sentence. */
export function explainFailure(error: unknown): string {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
	if (cause instanceof Error && cause.name === "TimeoutError") {
		return "it did not answer in time";
	}
	switch (code) {
		case "ECONNREFUSED":
			return "nothing listens there";
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return "its name is not known to the DNS";
		case "ECONNRESET":
		case "UND_ERR_SOCKET":
			return "it closed the connection";
		case "UND_ERR_CONNECT_TIMEOUT":
		case "ETIMEDOUT":
			return "the connection was not answered in time";
		default:
			return cause instanceof Error ? cause.message : String(cause);
	}
}
