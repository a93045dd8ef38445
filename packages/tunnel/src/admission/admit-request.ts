import { type DoorRoute, findDoorRoute } from "@opta/contracts/door-routes";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { devicePassHeader } from "@opta/contracts/reach";
import { roleAllows } from "@opta/contracts/roles";
import type { PassClaims } from "@opta/contracts/schema/pass";
import { type AdmissionRules, foreignHost, lowRole, type Refusal, type RequestHead, refuseBeforePass } from "./admission-rules.ts";
import { bearerPass, singlePass } from "./bearer-pass.ts";

/** Whether a request may pass the door. */
export type Admission =
	| {
			readonly ok: true;
			readonly claims: PassClaims;
			readonly route: DoorRoute;
			/** The pass for the device behind the door, not verified here; null where the route leads to none. */
			readonly devicePass: string | null;
	  }
	| Refusal;

/** Path of a request target: everything before the query, compared as it is. */
export function targetPath(target: string): string {
	const query = target.indexOf("?");
	return query === -1 ? target : target.slice(0, query);
}

function hasBody(head: RequestHead): boolean {
	return head.headers["transfer-encoding"] !== undefined || Number(head.headers["content-length"]?.[0] ?? 0) > 0;
}

/** Decides about a request from its head alone. The pass comes first: without one, every path gives the same answer. */
export async function admitRequest(rules: AdmissionRules, head: RequestHead): Promise<Admission> {
	const beforePass = await refuseBeforePass(rules, head.headers);
	if (beforePass !== null) {
		return beforePass;
	}
	const pass = bearerPass(head.headers.authorization);
	const verified = pass === null ? ({ ok: false, reason: "no pass" } as const) : await rules.verify(pass);
	if (!verified.ok) {
		const message = "This request carries no valid pass for this host. Take a new one from accounts and try again.";
		return { ok: false, code: "invalid_pass", message, reason: verified.reason, claims: null };
	}
	const { claims } = verified;
	const refuse = (code: ErrorCode, message: string, reason: string): Refusal => ({ ok: false, code, message, reason, claims });
	if (!rules.isOwnHost(head.headers.host)) {
		return foreignHost(claims);
	}
	if (head.headers.origin !== undefined) {
		return refuse("foreign_origin", "The door does not answer to pages in a browser. Go through the site's own address.", "origin");
	}
	const route = findDoorRoute(head.method, targetPath(head.target));
	if (route === undefined) {
		return refuse("not_found", "The door has no such route. Check method and path.", "no route");
	}
	if (!roleAllows(claims.role, route.minimumRole)) {
		return lowRole(claims, route.minimumRole);
	}
	if ((route.method === "GET" || route.method === "DELETE") && hasBody(head)) {
		return refuse("invalid_request", `A ${route.method} request carries no body. Send it without one.`, "body");
	}
	if (Number(head.headers["content-length"]?.[0] ?? 0) > rules.maxBodyBytes) {
		return refuse("payload_too_large", `The request body is larger than the limit of ${rules.maxBodyBytes} bytes. Send less.`, "size");
	}
	if (route.target !== "peer" && route.target !== "daemon") {
		return { ok: true, claims, route, devicePass: null };
	}
	const devicePass = singlePass(head.headers[devicePassHeader]);
	return devicePass === null
		? refuse("invalid_pass", `This needs a pass for the device too, in ${devicePassHeader}. Take one from accounts.`, "no device pass")
		: { ok: true, claims, route, devicePass };
}
