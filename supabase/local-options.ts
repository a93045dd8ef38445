import { parseArgs } from "node:util";
import { defaultPorts } from "@opta/contracts/ports";
import type { LocalSupabaseOptions } from "./local.ts";
import { StartError } from "./start-error.ts";

/** What `--help` prints. */
export const localUsage = `Runs Supabase inside one process, on a folder of this computer.

  --state-dir <folder>   where its data, keys and mails are (required)
  --port <port>          the API, on 127.0.0.1 (default ${defaultPorts.supabaseApi}; 0 takes a free one)
  --mailbox-port <port>  the mailbox page, on 127.0.0.1 (default ${defaultPorts.mailbox}; 0 takes a free one)
  --site-url <origin>    origin of accounts, which mails link to (required)
  --door-url <url>       where the sites reach this computer's host (default http://127.0.0.1:${defaultPorts.door})
`;

function readPort(text: string | undefined, fallback: number, flag: string): number {
	const port = text === undefined ? fallback : /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (!(port >= 0 && port <= 65_535)) {
		throw new StartError(`${flag} is a port from 0 to 65535, not "${text}".`);
	}
	return port;
}

function readUrl(text: string | undefined, flag: string): URL {
	const url = text === undefined ? null : URL.parse(text);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.password !== "") {
		throw new StartError(
			text === undefined ? `${flag} is missing; --help lists every flag.` : `${flag} is an http(s) address, not "${text}".`,
		);
	}
	return url;
}

/** Reads the flags; null means that help was asked for. Throws `StartError` naming the flag that is wrong. */
export function parseLocalOptions(args: readonly string[]): LocalSupabaseOptions | null {
	const text = { type: "string" } as const;
	let values: Partial<Record<"state-dir" | "port" | "mailbox-port" | "site-url" | "door-url", string>> & { help?: boolean };
	try {
		({ values } = parseArgs({
			args: [...args],
			options: {
				"state-dir": text,
				port: text,
				"mailbox-port": text,
				"site-url": text,
				"door-url": text,
				help: { type: "boolean", short: "h" },
			},
		}));
	} catch (error) {
		throw new StartError(`${error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error)}; --help lists every flag.`);
	}
	if (values.help === true) {
		return null;
	}
	const stateDir = values["state-dir"];
	if (stateDir === undefined || stateDir === "") {
		throw new StartError("--state-dir is missing; --help lists every flag.");
	}
	return {
		stateDir,
		port: readPort(values.port, defaultPorts.supabaseApi, "--port"),
		mailboxPort: readPort(values["mailbox-port"], defaultPorts.mailbox, "--mailbox-port"),
		siteUrl: readUrl(values["site-url"], "--site-url").origin,
		doorUrl: readUrl(values["door-url"] ?? `http://127.0.0.1:${defaultPorts.door}`, "--door-url").href.replace(/\/$/, ""),
	};
}
