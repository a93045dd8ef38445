/** The head of a response as bytes go out (RFC 9112 §4), for connections on which no server of Node's answers. */
export function responseHead(status: number, words: string, headers: Readonly<Record<string, string>>): string {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	return `HTTP/1.1 ${status} ${words}\r\n${lines.join("\r\n")}\r\n\r\n`;
}
