import type { NextRequest } from "next/server";
import { accountsContext } from "../../../../../env.ts";
import { readHistory } from "../../../../../vault/vault-routes.ts";

interface Parameters {
	readonly params: Promise<{ readonly itemId: string }>;
}

export async function GET(request: NextRequest, { params }: Parameters): Promise<Response> {
	return readHistory(accountsContext(), request, (await params).itemId, request.nextUrl.searchParams);
}
