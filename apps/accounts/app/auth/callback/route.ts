import type { NextRequest } from "next/server";
import { accountsContext } from "../../../env.ts";
import { finishProviderSignIn } from "../../../oauth/finish-sign-in.ts";

export function GET(request: NextRequest): Promise<Response> {
	return finishProviderSignIn(accountsContext(), request, request.nextUrl.searchParams);
}
