import { accountsContext } from "../../../../env.ts";
import { notePresence } from "../../../../presence/note-presence.ts";

export function POST(request: Request): Promise<Response> {
	return notePresence(accountsContext(), request);
}
