import { authAddressing } from "@opta/auth/env";
import { fetchPass } from "@opta/auth/fetch-pass";
import { requireApiUser } from "@opta/auth/require-api-user";
import type { NextRequest } from "next/server";
import { createDeviceSpeaker } from "../../../../../forward/device-speaker.ts";
import { findDoor } from "../../../../../forward/find-door.ts";
import { forwardRequest } from "../../../../../forward/forward-request.ts";

export const dynamic = "force-dynamic";

/** Seconds that a function host may let a stream of events run; a reader then comes back with its `Last-Event-ID`. */
export const maxDuration = 300;

const speaker = createDeviceSpeaker();

interface RouteContext {
	readonly params: Promise<{ readonly hostId: string; readonly path: readonly string[] }>;
}

async function forward(request: NextRequest, { params }: RouteContext): Promise<Response> {
	const { hostId, path } = await params;
	const { search } = request.nextUrl;
	const parts = { addressing: authAddressing(), requireUser: requireApiUser, fetchPass, findDoor, speaker };
	return forwardRequest({ request, hostId, path: `/${path.join("/")}`, search }, parts);
}

export { forward as DELETE, forward as GET, forward as PATCH, forward as POST, forward as PUT };
