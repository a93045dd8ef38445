import { isIP } from "node:net";
import { hostname } from "node:os";
import type { ServiceTxt } from "@homebridge/ciao";
import { api, build } from "@opta/contracts/build";
import type { Logger } from "pino";
import { lanName } from "../server/access/host-guard.ts";
import { isLoopbackBind } from "../server/access/peer.ts";

/** What other machines are told. */
export interface AdvertFacts {
	/** Inference wants a key. */
	readonly needsKey: boolean;
	/** The admin API wants the admin key. */
	readonly needsAdminKey: boolean;
}

/** An announcement that goes on until it is closed. */
export interface Advert {
	/** Tells the machines that listen that something has changed. */
	update(facts: AdvertFacts): void;
	/** Says goodbye, so that nobody looks for this host any more. */
	close(): Promise<void>;
}

/** Where the server listens. */
export interface AdvertPlace {
	/** The address that it is bound to. */
	readonly host: string;
	readonly port: number;
}

const serviceType = "opta-lmx";
const cannotAnnounce = "LMX cannot be announced on the local network. Clients need its address.";
const allIpv4 = "0.0.0.0";
const allAddresses = "::";

function txtOf({ needsKey, needsAdminKey }: AdvertFacts): ServiceTxt {
	return { version: build, api: String(api.lmx), path: "/v1", auth: needsKey ? "key" : "none", adminAuth: needsAdminKey ? "key" : "none" };
}

/** True when LMX is to be announced: other machines reach it, and nobody has switched it off. */
export function isAnnounced(host: string, wish: boolean | null): boolean {
	return !isLoopbackBind(host) && wish !== false;
}

async function announce({ host, port }: AdvertPlace, facts: AdvertFacts, logger: Logger): Promise<Advert> {
	const { getResponder } = await import("@homebridge/ciao");
	const responder = getResponder();
	const service = responder.createService({
		name: `Opta LMX on ${hostname().replace(/\.local$/, "")}`,
		type: serviceType,
		hostname: lanName(hostname()),
		port,
		txt: txtOf(facts),
		disabledIpv6: host === allIpv4,
		...(isIP(host) !== 0 && host !== allIpv4 && host !== allAddresses ? { restrictedAddresses: [host] } : {}),
	});
	let isClosed = false;
	service.advertise().then(
		() => {
			logger.info({ service: service.getFQDN(), port }, "announced on the local network");
		},
		(error: unknown) => {
			if (!isClosed) {
				logger.warn({ err: error }, cannotAnnounce);
			}
		},
	);
	return {
		update: (changed) => service.updateTxt(txtOf(changed)),
		close() {
			isClosed = true;
			return responder.shutdown();
		},
	};
}

/**
 * Announces LMX on the local network as `_opta-lmx._tcp` (RFC 6762, RFC 6763). Null, with a warning in the log, where
 * that cannot be. The library is loaded here, for it changes how the whole process writes stack traces.
 */
export async function advertise(place: AdvertPlace, facts: AdvertFacts, logger: Logger): Promise<Advert | null> {
	try {
		return await announce(place, facts, logger);
	} catch (error) {
		logger.warn({ err: error }, cannotAnnounce);
		return null;
	}
}
