import { authAddressing } from "@opta/auth/env";
import { fetchPass } from "@opta/auth/fetch-pass";
import { requireApiUser } from "@opta/auth/require-api-user";
import { isLocal } from "@opta/contracts/addressing";
import type { NextRequest } from "next/server";
import { examineHost } from "../../../../../doctor/examine-host.ts";
import { isUuid } from "../../../../../forward/asked-device.ts";
import { errorResponse } from "../../../../../forward/error-response.ts";
import { findDoor } from "../../../../../forward/find-door.ts";

export const dynamic = "force-dynamic";

interface RouteContext {
	readonly params: Promise<{ readonly hostId: string }>;
}

/** `GET /api/host/<hostId>/doctor`: every layer between the signed-in person and the models of a host. */
export async function GET(_request: NextRequest, { params }: RouteContext): Promise<Response> {
	const { hostId } = await params;
	if (!isUuid(hostId)) {
		return errorResponse("not_found", "There is no such host. The list of hosts names the ones that exist.");
	}
	const user = await requireApiUser();
	if (!user.ok) {
		return user.response;
	}
	const { accessToken, expiresAtMs } = user.session;
	const report = await examineHost({
		expiresAtMs,
		takePass: () => fetchPass(accessToken, { hostId }),
		findDoor: () => findDoor(accessToken, hostId),
		isLocal: isLocal(authAddressing()),
	});
	return Response.json(report, { headers: { "cache-control": "no-store" } });
}
