import { accountsContext } from "../../env.ts";
import { pageAddress } from "../../forms/page-address.ts";
import { signOut } from "../../forms/sign-out.ts";
import { seeOther } from "../../session/response.ts";

export function POST(request: Request): Promise<Response> {
	return signOut(accountsContext(), request);
}

/** A link never signs anybody out; it leads to the page with the button. */
export function GET(): Response {
	return seeOther(pageAddress(accountsContext().configuration.addressing, "/"));
}
