import type { ApiUser } from "@opta/auth/api-user";
import { isFromOwnPage } from "@opta/auth/origin-check";
import type { PassCache } from "@opta/auth/pass-cache";
import { isLocal } from "@opta/contracts/addressing";
import { findDoorRoute } from "@opta/contracts/door-routes";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { askedDevice, isUuid } from "./asked-device.ts";
import type { DeviceSpeaker } from "./device-speaker.ts";
import { errorResponse } from "./error-response.ts";
import type { DoorLookup } from "./find-door.ts";
import { forwardToDoor } from "./forward-to-door.ts";
import { passesFor } from "./passes-for.ts";

/** What a browser asks of a host. */
export interface HostRequest {
	readonly request: Pick<Request, "method" | "headers" | "body" | "signal">;
	readonly hostId: string;
	/** Undecoded, from its first slash. */
	readonly path: string;
	/** The query with its question mark, or nothing. */
	readonly search: string;
}

/** Who answers what has to be known about a request. */
export interface ForwardParts {
	readonly addressing: SiteAddressing;
	readonly requireUser: () => Promise<ApiUser>;
	readonly fetchPass: PassCache;
	readonly findDoor: (accessToken: string, hostId: string) => Promise<DoorLookup>;
	readonly speaker: Promise<DeviceSpeaker>;
}

const longestQuery = 8_192;

/** A page of another site can have a browser open an address here with the person's session; browsers say so (Fetch Metadata). */
function isFromElsewhere(headers: Headers): boolean {
	const site = headers.get("sec-fetch-site");
	return site !== null && site !== "same-origin";
}

/**
 * Passes a request of this site's own pages on to a host's door: for signed-in people, for routes that the door knows, with
 * a pass of the person for that host and, where a device behind it is asked, one for that device. Host and device decide
 * themselves what their pass allows.
 */
export async function forwardRequest({ request, hostId, path, search }: HostRequest, parts: ForwardParts): Promise<Response> {
	const route = findDoorRoute(request.method, path);
	const deviceId = route === undefined ? undefined : askedDevice(route.target, path, request.headers);
	if (route === undefined || deviceId === undefined || !isUuid(hostId) || search.length > longestQuery) {
		return errorResponse("not_found", "There is no such route of a host. The pages of this site use the ones that exist.");
	}
	const isOwn = route.method === "GET" || isFromOwnPage(request.headers, parts.addressing, "lmx");
	if (!isOwn || isFromElsewhere(request.headers)) {
		return errorResponse("foreign_origin", "The request does not come from a page of this site. Open the LMX Dashboard and ask there.");
	}
	const user = await parts.requireUser();
	if (!user.ok) {
		return user.response;
	}
	const { accessToken } = user.session;
	const speaker = await parts.speaker;
	const { keyThumbprint } = speaker;
	const taken = await passesFor(parts.fetchPass, { accessToken, hostId, deviceId, keyThumbprint });
	if (!taken.ok) {
		return Response.json(taken.body, { status: taken.status, headers: { "cache-control": "no-store" } });
	}
	const door = await parts.findDoor(accessToken, hostId);
	switch (door.state) {
		case "none":
			return errorResponse(
				"host_unreachable",
				"No usable address is known for this host. Start it with its tunnel, or ask its owner to; the doctor page says more.",
			);
		case "unavailable":
			return errorResponse("unavailable", "The list of hosts cannot be read just now. Try again in a moment.");
		case "found": {
			const { headers, body, signal } = request;
			const { method } = route;
			const { doorUrl } = door;
			const answer = await forwardToDoor({
				...{ doorUrl, allowsPrivate: isLocal(parts.addressing), passes: taken.passes, speaker },
				...{ method, path: `${path}${search}`, headers, body, signal },
			});
			if (answer.status === 401) {
				await taken.forget();
			}
			return answer;
		}
	}
}
