import { hostname } from "node:os";
import type { ReadyMessage, TunnelMessage } from "@opta/contracts/schema/process-message";
import { readHostIdentity } from "@opta/reach/identity/read-host-identity";
import { storeHostIdentity } from "@opta/reach/identity/store-host-identity";
import { pino, stdTimeFunctions } from "pino";
import { EnvHttpProxyAgent } from "undici";
import { createAccessVerifier } from "./access/verify-access.ts";
import { createAccountsClient } from "./accounts/accounts-client.ts";
import { followAccounts } from "./accounts/follow-accounts.ts";
import { keepReachable, type Reachable } from "./cloudflared/keep-reachable.ts";
import { createMeetSelf } from "./cloudflared/meet-self.ts";
import { createSelfNonces } from "./cloudflared/self-nonces.ts";
import { examineDoor } from "./doctor/examine-door.ts";
import { createDoor } from "./door/create-door.ts";
import { parseDoorSettings } from "./door/door-settings.ts";
import { listenOn } from "./door/listen-on.ts";
import { openTrust } from "./door/open-trust.ts";
import { environment } from "./env.ts";
import { createLinkListener } from "./peers/link-listener.ts";
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
const { host, port, stateDir, lmxUrl, daemonUrl, allowedHosts, link, reach } = parsed.settings;
const found = await readHostIdentity(stateDir);
if (!found.ok) {
	fail(found.message);
}

const logger = pino({ name: "tunnel", timestamp: stdTimeFunctions.isoTime });
const { identity } = found;
const accounts = createAccountsClient(identity, (isRevoked) => {
	trust.setHostRevoked(isRevoked);
	if (isRevoked) {
		logger.error({ ended: door.endRevoked(() => true) }, "the owner of this host revoked it; nobody is let in until it is claimed anew");
	} else {
		logger.info("accounts takes this host's word again");
	}
});
const trust = openTrust(identity, {
	fetchStatements: accounts.keyStatements,
	store: (next) => storeHostIdentity(stateDir, { ...identity, jwks: { keys: [...next] } }),
	report: (facts, words) => logger[facts.learned === undefined ? "warn" : "info"](facts, words),
});
const { verify, verifyTicket, isHostRevoked } = trust;
const peers = openPeers({ onEnd: (deviceId, { cause, message }) => logger.info({ deviceId, cause, reason: message }, "device left") });
const nonces = createSelfNonces();
const publicHosts = new Set<string>();
// Cloudflare Access lets only its own people through, and this host is none of them.
const meetSelf = reach.access === null ? createMeetSelf(nonces, new EnvHttpProxyAgent()) : null;
let reachable: Reachable | null = null;
const door = createDoor({
	...{ identity, verify, verifyTicket, isHostRevoked, lmxUrl, daemonUrl, peers, nonces, allowedHosts, publicHosts, logger },
	verifyAccess: reach.access === null ? null : createAccessVerifier(reach.access),
	examine: (own) =>
		examineDoor({
			...{ identity, lmxUrl, daemonUrl, peers: own },
			...{ tunnel: reachable?.tunnel() ?? null, meetSelf },
		}),
});
const links = createLinkListener({ identity, verifyTicket, isHostRevoked, peers, allowedHosts, hostname: hostname(), logger });

const listening = await listenOn(door.server, { host, port, title: "tunnel door", flag: "--port" });
if (!listening.ok) {
	fail(listening.message);
}
const joining = link === null ? null : await listenOn(links.server, { ...link, title: "place where devices join", flag: "--link-port" });
if (joining?.ok === false) {
	fail(joining.message);
}
const reached = keepReachable({
	...{ tunnel: reach.tunnel, stateDir, environment, meetSelf, publicHosts, accounts, logger },
	doorPort: listening.port,
	linkPort: joining?.port ?? null,
	onTunnel: (view) => {
		const message: TunnelMessage = { type: "tunnel", ...view };
		process.send?.(message);
	},
});
if (!reached.ok) {
	fail(reached.message);
}
reachable = reached.reachable;
logger.info({ hostId: identity.hostId, port: listening.port, linkPort: joining?.port, lmxUrl, daemonUrl }, "listening");
const ready: ReadyMessage = { type: "ready", port: listening.port };
process.send?.(ready);

const following = new AbortController();
followAccounts(
	{
		revocations: accounts.revocations,
		refreshKeys: trust.refreshKeys,
		onRevocations(revocations) {
			trust.replaceRevocations(revocations);
			const ended = door.endRevoked(trust.isRevoked);
			if (ended > 0) {
				logger.info({ ended }, "what began with revoked passes ended");
			}
		},
		onReachable(isReachable, err) {
			if (isReachable) {
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
		await Promise.all([door.close(stopGraceMs), links.close(), reachable?.stop(), accounts.close()]);
		process.exit(0);
	}
}
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) {
	process.on(event, stop);
}
