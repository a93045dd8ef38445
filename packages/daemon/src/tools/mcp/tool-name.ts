import { createHash } from "node:crypto";

/** Longest name of a tool that model servers take. */
const maxCharacters = 64;

/** The name under which models know a server's tool: `mcp__server__tool`. Other characters become `_`; what is changed or too long ends in a hash, so that two tools never share a name. */
export function mcpToolName(server: string, tool: string): string {
	const plain = tool.replaceAll(/[^A-Za-z0-9_-]/g, "_");
	const name = `mcp__${server}__${plain}`;
	if (plain === tool && name.length <= maxCharacters) {
		return name;
	}
	const hash = createHash("sha256").update(tool).digest("hex").slice(0, 8);
	return `${name.slice(0, maxCharacters - 9)}_${hash}`;
}
