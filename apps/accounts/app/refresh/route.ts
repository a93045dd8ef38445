import type { NextRequest } from "next/server";
import { accountsContext } from "../../env.ts";
import { visitRefresh } from "../../session/refresh-visit.ts";

export function GET(request: NextRequest): Promise<Response> {
	return visitRefresh(accountsContext(), request, request.nextUrl.searchParams.get("redirect_to"));
}
