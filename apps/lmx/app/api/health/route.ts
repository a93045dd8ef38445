import { api, build } from "@opta/contracts/build";

export const dynamic = "force-dynamic";

/** Says that this site's server answers, and which build it is. */
export function GET(): Response {
	return Response.json({ status: "ok", build, api }, { headers: { "cache-control": "no-store" } });
}
