import { accountsContext } from "../../../../../env.ts";
import { relay } from "../../../../../vault/relay-routes.ts";

interface Parameters {
	readonly params: Promise<{ readonly pairingId: string }>;
}

export async function POST(request: Request, { params }: Parameters): Promise<Response> {
	return relay(accountsContext(), request, (await params).pairingId);
}

export async function DELETE(request: Request, { params }: Parameters): Promise<Response> {
	return relay(accountsContext(), request, (await params).pairingId);
}
