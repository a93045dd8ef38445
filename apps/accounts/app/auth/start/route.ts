import type { NextRequest } from "next/server";
import { accountsContext } from "../../../env.ts";
import { startProviderSignIn } from "../../../oauth/start-sign-in.ts";

export function GET(request: NextRequest): Promise<Response> {
	return startProviderSignIn(accountsContext(), request, request.nextUrl.searchParams);
}
