import { authAddressing } from "@opta/auth/env";
import { isFromOwnPage } from "@opta/auth/origin-check";
import { requireApiUser } from "@opta/auth/require-api-user";
import { findDoorRoute } from "@opta/contracts/door-routes";
import type { NextRequest } from "next/server";
import { askedDevice, isUuid } from "../../../../../forward/asked-device.ts";
import { errorResponse } from "../../../../../forward/error-response.ts";
import { findDoor } from "../../../../../forward/find-door.ts";
import { forwardToDoor } from "../../../../../forward/forward-to-door.ts";
import { passesFor } from "../../../../../forward/passes-for.ts";

export const dynamic = "force-dynamic";

/** Seconds that a function host may let a stream of events run; a reader then comes back with its `Last-Event-ID`. */
export const maxDuration = 300;

const longestQuery = 8_192;

interface RouteContext {
	readonly params: Promise<{ readonly hostId: string; readonly path: readonly string[] }>;
}

/**
 * Passes a request of this site's own pages on to a host's door: for signed-in people, for routes that the door knows, with
 * a pass of the person for that host and, where a device behind it is asked, one for that device. Host and device decide
 * themselves what their pass allows.
 */
async function forward(request: NextRequest, { params }: RouteContext): Promise<Response> {
	const { hostId, path: parts } = await params;
	const path = `/${parts.join("/")}`;
	const { search } = request.nextUrl;
	const route = findDoorRoute(request.method, path);
	const deviceId = route === undefined ? undefined : askedDevice(route.target, path, request.headers);
	if (route === undefined || deviceId === undefined || !isUuid(hostId) || search.length > longestQuery) {
		return errorResponse("not_found", "There is no such route of a host. The pages of this site use the ones that exist.");
	}
	if (route.method !== "GET" && !isFromOwnPage(request.headers, authAddressing(), "lmx")) {
		return errorResponse("foreign_origin", "The request does not come from a page of this site. Open the LMX Dashboard and ask there.");
	}
	const user = await requireApiUser();
	if (!user.ok) {
		return user.response;
	}
	const { accessToken } = user.session;
	const taken = await passesFor(accessToken, hostId, deviceId);
	if (!taken.ok) {
		return Response.json(taken.body, { status: taken.status, headers: { "cache-control": "no-store" } });
	}
	const door = await findDoor(accessToken, hostId);
	switch (door.state) {
		case "none":
			return errorResponse(
				"host_unreachable",
				"No usable address is known for this host. Start its tunnel there (npm run host -- start), or ask its owner to.",
			);
		case "unavailable":
			return errorResponse("unavailable", "The list of hosts cannot be read just now. Try again in a moment.");
		case "found": {
			const { headers, body, signal } = request;
			const { method } = route;
			const { doorUrl } = door;
			const answer = await forwardToDoor({ doorUrl, passes: taken.passes, method, path: `${path}${search}`, headers, body, signal });
			if (answer.status === 401) {
				await taken.forget();
			}
			return answer;
		}
	}
}

export { forward as DELETE, forward as GET, forward as PATCH, forward as POST, forward as PUT };
