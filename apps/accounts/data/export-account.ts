import { createDataClientFor } from "@opta/auth/data-client";
import { strToU8, zipSync } from "fflate";
import { readAccount } from "../account/account-data.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { readOpenInvites, readWaitingInvites } from "../hosts/invites.ts";
import { readOwnHosts } from "../hosts/read-hosts.ts";
import { noteSecurityEvent } from "../security/note-security-event.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";
import { readInventory } from "../sessions/inventory.ts";
import { isUnbrokenChain, readWholeSecurityLog } from "./security-log.ts";

/** Tables of which a person gets their own rows as they are, by the column that names the person: admins see others' too. */
const tables = [
	["profiles", "id"],
	["host_members", "user_id"],
	["account_deletions", "user_id"],
] as const;

function asJson(value: unknown): Uint8Array {
	return strToU8(`${JSON.stringify(value, null, "\t")}\n`);
}

function download(bytes: Uint8Array, name: string, type: string): Response {
	return new Response(new Uint8Array(bytes), {
		headers: { "content-type": type, "content-disposition": `attachment; filename="${name}"`, "cache-control": "private, no-store" },
	});
}

const signInAgain = () => refusal("unauthenticated", "The session is over; sign in again.");
const away = () => refusal("unavailable", accountServiceUnreachable);

/** `GET /api/security-log`: the whole log as JSON lines, the oldest first. */
export async function exportSecurityLog(context: AccountsContext, request: Request): Promise<Response> {
	const person = await freshPerson(context, request.headers.get("cookie"));
	if (person.state !== "signedIn") {
		return person.state === "unavailable" ? away() : signInAgain();
	}
	const log = await readWholeSecurityLog(context.configuration, person.session);
	if (log.state !== "ok") {
		return log.state === "unavailable" ? away() : signInAgain();
	}
	return download(strToU8(log.value.map((event) => `${JSON.stringify(event)}\n`).join("")), "opta-security-log.jsonl", "application/jsonl");
}

/** `POST /api/export`: everything that the platform holds about a person, as one archive. Vault items stay encrypted in it. */
export async function exportAccount(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const person = await freshPerson(context, request.headers.get("cookie"));
	if (person.state !== "signedIn") {
		return person.state === "unavailable" ? away() : signInAgain();
	}
	const { session } = person;
	const data = createDataClientFor(configuration, session.accessToken);
	const [account, inventory, log, hosts, made, waiting, ...rows] = await Promise.all([
		readAccount(configuration, session),
		readInventory(configuration, session),
		readWholeSecurityLog(configuration, session),
		readOwnHosts(context, session),
		readOpenInvites(context, session),
		readWaitingInvites(context, session),
		...tables.map(([table, column]) => data.from(table).select("*").eq(column, session.user.id)),
	]);
	const areHostsRead = hosts.state === "ok" && made.state === "ok" && waiting.state === "ok";
	if (
		account.state !== "ok" ||
		inventory.state !== "ok" ||
		log.state !== "ok" ||
		!areHostsRead ||
		rows.some(({ error }) => error !== null)
	) {
		return away();
	}
	const archive = zipSync({
		"README.txt": strToU8(
			"Everything that Opta holds about your account. JSON files are UTF-8; times are in UTC.\nVault items are encrypted: export them in readable form on the vault page, where the key is.\n",
		),
		"account.json": asJson({ id: session.user.id, email: session.user.email, ...account.value }),
		"sessions-and-devices.json": asJson(inventory.value),
		"hosts.json": asJson({ hosts: hosts.value, invitationsMade: made.value, invitationsWaiting: waiting.value }),
		"security-log.json": asJson({ isUnbroken: isUnbrokenChain(log.value), events: log.value }),
		...Object.fromEntries(tables.map(([table], index) => [`tables/${table}.json`, asJson(rows[index]?.data ?? [])])),
	});
	await noteSecurityEvent(context, session.accessToken, request.headers, "data.exported", {});
	return download(archive, "opta-account.zip", "application/zip");
}
