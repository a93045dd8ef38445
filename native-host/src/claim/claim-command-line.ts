import { homedir, hostname } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseAddressing } from "@opta/contracts/addressing";
import { deviceNameSchema } from "@opta/contracts/schema/device-sign-in";
import { siteOrigin } from "@opta/contracts/site-url";

/** What `npm run host -- claim` was asked to do. */
export type ClaimCommandLine =
	| {
			readonly kind: "claim";
			readonly stateDir: string;
			readonly accountsOrigin: string;
			readonly name: string;
			readonly again: boolean;
	  }
	| { readonly kind: "help"; readonly text: string }
	| { readonly kind: "wrong"; readonly message: string };

/** Where settings come from besides the flags. */
export interface ClaimSources {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** A relative folder is meant from here. */
	readonly workingFolder: string;
}

const help = `Usage: npm run host -- claim [options]

Makes this computer a host of a signed-in person: shows a code that they enter at accounts.

Options:
  --name <name>               name of the host as its people read it (default: this computer's name)
  --state-dir <folder>        folder that gets host.json (default: ~/.config/opta) [OPTA_HOME]
  --accounts-origin <origin>  public address of accounts (default: the one on this computer) [OPTA_ACCOUNTS_ORIGIN]
  --again                     claims a host anew that its owner revoked
  -h, --help                  shows this
`;

const mostNameChars = 80;

function parseOrigin(text: string): string | null {
	const url = URL.parse(text);
	const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && /(?:^|\.)localhost$/.test(url.hostname));
	return url !== null && isSafe && url.href === `${url.origin}/` ? url.origin : null;
}

/** Reads what follows `claim`. Says what is wrong in one line; does nothing. */
export function readClaimCommandLine(args: readonly string[], { environment, workingFolder }: ClaimSources): ClaimCommandLine {
	const wrong = (message: string): ClaimCommandLine => ({ kind: "wrong", message });
	try {
		const text = { type: "string" } as const;
		const flag = { type: "boolean" } as const;
		const { values } = parseArgs({
			args: [...args],
			options: { name: text, "state-dir": text, "accounts-origin": text, again: flag, help: { ...flag, short: "h" } },
		});
		if (values.help === true) {
			return { kind: "help", text: help };
		}
		const asked = values["accounts-origin"] ?? environment.OPTA_ACCOUNTS_ORIGIN ?? siteOrigin(parseAddressing(environment), "accounts");
		const accountsOrigin = parseOrigin(asked);
		if (accountsOrigin === null) {
			return wrong(`--accounts-origin is "${asked}"; it must be an address such as https://accounts.optalocal.com.`);
		}
		const name = deviceNameSchema.safeParse(values.name ?? (hostname().slice(0, mostNameChars) || "Host"));
		if (!name.success) {
			return wrong(`--name is "${values.name}"; it must have 1 to ${mostNameChars} characters.`);
		}
		const folder = values["state-dir"] ?? environment.OPTA_HOME;
		const stateDir = folder === undefined ? path.join(homedir(), ".config", "opta") : path.resolve(workingFolder, folder);
		return { kind: "claim", stateDir, accountsOrigin, name: name.data, again: values.again ?? false };
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return wrong(`${reason} npm run host -- claim --help lists every flag.`);
	}
}
