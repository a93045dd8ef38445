import { hostAudience } from "@opta/contracts/pass";
import type { ReadyMessage } from "@opta/contracts/schema/process-message";
import { readHostIdentity } from "@opta/reach/identity/read-host-identity";
import { storeHostIdentity } from "@opta/reach/identity/store-host-identity";
import { createPinnedKeys } from "@opta/reach/pass/pinned-keys";
import { createRevokedPasses } from "@opta/reach/pass/revoked-passes";
import { createPassVerifier } from "@opta/reach/pass/verify-pass";
import { createTicketVerifier } from "@opta/reach/pass/verify-ticket";
import { pino, stdTimeFunctions } from "pino";
import { createAccountsClient } from "./accounts/accounts-client.ts";
import { followAccounts } from "./accounts/follow-accounts.ts";
import { examineDoor } from "./doctor/examine-door.ts";
import { createDoor } from "./door/create-door.ts";
import { parseDoorSettings } from "./door/door-settings.ts";
import { environment } from "./env.ts";
import { openPeers } from "./peers/open-peers.ts";

/** The tunnel door as a process: the role `tunnel` of native-host. */

/** Open requests get this long after the process was told to stop. */
const stopGraceMs = 2000;

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

const parsed = parseDoorSettings(process.argv.slice(2), environment);
if (!parsed.ok) {
	fail(parsed.message);
}
const { host, port, stateDir, lmxUrl, daemonUrl, allowedHosts } = parsed.settings;
const found = await readHostIdentity(stateDir);
if (!found.ok) {
	fail(found.message);
}

const logger = pino({ name: "tunnel", timestamp: stdTimeFunctions.isoTime });
const { identity } = found;
const accounts = createAccountsClient(identity, (isRevoked) => {
	if (isRevoked) {
		logger.error("the owner of this host revoked it; nobody is let in until it is claimed anew");
		endRevoked(() => true);
	}
});
const revoked = createRevokedPasses();
const keys = createPinnedKeys({
	issuer: identity.issuer,
	pinned: identity.jwks.keys,
	fetchStatements: accounts.keyStatements,
	store: (next) => storeHostIdentity(stateDir, { ...identity, jwks: { keys: [...next] } }),
	report: (facts, words) => logger[facts.learned === undefined ? "warn" : "info"](facts, words),
});
const trust = { issuer: identity.issuer, audience: hostAudience(identity.hostId), keys, revoked };
const peers = openPeers({ onEnd: (deviceId, { cause, message }) => logger.info({ deviceId, cause }, `device left: ${message}`) });
const { server, endRevoked, close } = createDoor({
	identity,
	verify: createPassVerifier(trust),
	verifyTicket: createTicketVerifier(trust),
	verifyAccess: null,
	lmxUrl,
	daemonUrl,
	peers,
	allowedHosts,
	publicHosts: new Set(),
	examine: (own) => examineDoor({ identity, lmxUrl, daemonUrl, tunnel: null, meetSelf: null, peers: own }),
	logger,
});

server.on("error", (error: NodeJS.ErrnoException) =>
	fail(
		error.code === "EADDRINUSE"
			? `Port ${port} (tunnel door) is in use by another program. Stop it, or choose another port with --port.`
			: `The tunnel door cannot listen on ${host}:${port}: ${error.message}`,
	),
);
server.listen(port, host, () => {
	const address = server.address();
	const listening = address !== null && typeof address === "object" ? address.port : port;
	logger.info({ hostId: identity.hostId, port: listening, lmxUrl }, "listening");
	const message: ReadyMessage = { type: "ready", port: listening };
	process.send?.(message);
});

const following = new AbortController();
followAccounts(
	{
		revocations: accounts.revocations,
		refreshKeys: keys.refresh,
		onRevocations(revocations) {
			revoked.replace(revocations);
			const ended = endRevoked(revoked.isRevoked);
			if (ended > 0) {
				logger.info({ ended }, "requests with revoked passes ended");
			}
		},
		onReachable(reachable, err) {
			if (reachable) {
				logger.info("accounts says whose passes are revoked");
			} else {
				logger.warn({ err }, "accounts cannot be asked whose passes are revoked; open streams go on meanwhile");
			}
		},
	},
	following.signal,
);

let stopping = false;
async function stop(): Promise<void> {
	if (!stopping) {
		stopping = true;
		following.abort();
		await Promise.all([close(stopGraceMs), accounts.close()]);
		process.exit(0);
	}
}
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) {
	process.on(event, stop);
}
