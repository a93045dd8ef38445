import { accountsContext } from "../../../env.ts";
import { createVault, readVault, removeVault } from "../../../vault/vault-routes.ts";

export function GET(request: Request): Promise<Response> {
	return readVault(accountsContext(), request);
}

export function POST(request: Request): Promise<Response> {
	return createVault(accountsContext(), request);
}

export function DELETE(request: Request): Promise<Response> {
	return removeVault(accountsContext(), request);
}
