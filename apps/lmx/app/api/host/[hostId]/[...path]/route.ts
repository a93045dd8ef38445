import { authAddressing } from "@opta/auth/env";
import { fetchPass } from "@opta/auth/fetch-pass";
import { isFromOwnPage } from "@opta/auth/origin-check";
import { requireApiUser } from "@opta/auth/require-api-user";
import { findDoorRoute } from "@opta/contracts/door-routes";
import { errorResponse } from "../../../../../forward/error-response.ts";
import { findDoor } from "../../../../../forward/find-door.ts";
import { forwardToDoor } from "../../../../../forward/forward-to-door.ts";

export const dynamic = "force-dynamic";

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

interface RouteContext {
	readonly params: Promise<{ readonly hostId: string; readonly path: readonly string[] }>;
}

/**
 * Passes a request of this site's own pages on to a host's door: for signed-in people, for routes that the door knows,
 * with a pass of the person for that host. The host itself decides what the pass allows.
 */
async function forward(request: Request, { params }: RouteContext): Promise<Response> {
	const { hostId, path } = await params;
	const target = `/${path.join("/")}`;
	const route = findDoorRoute(request.method, target);
	if (route === undefined || !uuid.test(hostId)) {
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
	const pass = await fetchPass(accessToken, { hostId });
	if (!pass.ok) {
		return Response.json(pass.body, { status: pass.status, headers: { "cache-control": "no-store" } });
	}
	const door = await findDoor(accessToken, hostId);
	switch (door.state) {
		case "none":
			return errorResponse(
				"host_unreachable",
				"No usable address is known for this host. Its owner has to connect it to the platform again.",
			);
		case "unavailable":
			return errorResponse("unavailable", "The list of hosts cannot be read just now. Try again in a moment.");
		case "found": {
			const { method } = route;
			const { headers, body, signal } = request;
			const answer = await forwardToDoor({ doorUrl: door.doorUrl, pass: pass.pass, method, path: target, headers, body, signal });
			if (answer.status === 401) {
				await fetchPass.forget(accessToken, { hostId }, pass.pass);
			}
			return answer;
		}
	}
}

export { forward as DELETE, forward as GET, forward as POST, forward as PUT };
