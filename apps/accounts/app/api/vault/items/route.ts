import type { NextRequest } from "next/server";
import { accountsContext } from "../../../../env.ts";
import { readItems } from "../../../../vault/vault-routes.ts";

export function GET(request: NextRequest): Promise<Response> {
	return readItems(accountsContext(), request, request.nextUrl.searchParams);
}
