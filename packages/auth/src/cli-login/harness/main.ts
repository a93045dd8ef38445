import { hostname } from "node:os";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { localAddressing } from "@opta/contracts/site-url";
import { signInWithBrowser } from "../browser-login.ts";
import { signInWithCode } from "../code-login.ts";
import { openDeviceSession } from "../device-session.ts";
import { openFileCredentialStore } from "../file-credential-store.ts";
import { SignInError } from "../sign-in-error.ts";

/**
 * A terminal as far as signing in goes, to try both halves against each other:
 * `node packages/auth/src/cli-login/harness/main.ts login|login-code|whoami|pass|logout --store <file> [--port-base 3000] [--host <id>] [--no-listen]`.
 * Steps are JSON lines on stdout; no line holds a token.
 */
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		store: { type: "string" },
		"port-base": { type: "string", default: "3000" },
		host: { type: "string" },
		"no-listen": { type: "boolean", default: false },
		"timeout-ms": { type: "string", default: "300000" },
	},
});

const print = (line: object): void => {
	process.stdout.write(`${JSON.stringify(line)}\n`);
};

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => stop.abort(new SignInError("Stopped.")));
}

async function askForCode(signal: AbortSignal): Promise<string> {
	const lines = createInterface({ input: process.stdin });
	try {
		return await lines.question("", { signal });
	} finally {
		lines.close();
		process.stdin.unref?.();
	}
}

async function run(command: string | undefined, storeFile: string): Promise<void> {
	const addressing = { ...localAddressing, portBase: Number(values["port-base"]) };
	const store = openFileCredentialStore(storeFile);
	const session = openDeviceSession(addressing, store);
	const device = { addressing, deviceName: hostname().slice(0, 80) || "Terminal", kind: "cli" as const, signal: stop.signal };
	switch (command) {
		case "login": {
			const listens = values["no-listen"] === false;
			const show = (step: object) => print({ step: "approve", ...step });
			await store.write(await signInWithBrowser({ ...device, listens, show, askForCode, timeoutMs: Number(values["timeout-ms"]) }));
			return print({ step: "signed-in" });
		}
		case "login-code":
			await store.write(
				await signInWithCode({ ...device, show: ({ userCode, verificationUrl }) => print({ step: "approve", userCode, verificationUrl }) }),
			);
			return print({ step: "signed-in" });
		case "whoami": {
			const answer = await session.whoAmI();
			return print(answer.ok ? { step: "whoami", ...answer.value } : { step: "refused", code: answer.code });
		}
		case "pass": {
			const answer = await session.requestPass(values.host ?? "");
			return print(
				answer.ok ? { step: "pass", role: answer.value.role, expiresAt: answer.value.expiresAt } : { step: "refused", code: answer.code },
			);
		}
		case "logout":
			return print({ step: "signed-out", ...(await session.signOut()) });
		default:
			throw new SignInError("Name a command: login, login-code, whoami, pass or logout.");
	}
}

try {
	if (values.store === undefined) {
		throw new SignInError("Name the file of the credential with --store.");
	}
	await run(positionals[0], values.store);
} catch (error) {
	if (!(error instanceof SignInError)) {
		throw error;
	}
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
