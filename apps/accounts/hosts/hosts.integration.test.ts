import { unzipSync } from "fflate";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { detailWords, eventWords } from "../data/event-words.ts";
import { exportAccount } from "../data/export-account.ts";
import { readSecurityLog } from "../data/security-log.ts";
import { hashOf } from "../devices/issue-device-token.ts";
import { confirmAddress } from "../forms/confirm-address.ts";
import { signIn } from "../forms/sign-in.ts";
import { signUp } from "../forms/sign-up.ts";
import { issuePass } from "../passes/issue-pass.ts";
import { confirmLink } from "../security/confirm-link.ts";
import { revoke } from "../sessions/revoke.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { mailsTo, newestLink, signedUp, Visitor } from "../testing/visitor.ts";
import { answerInvite, openInviteLink } from "./answer-invite.ts";
import { readLinkInvite, readWaitingInvites } from "./invites.ts";
import { readNewLink } from "./link-cookies.ts";
import { forgetNewLink, makeInviteByMail, makeInviteLink, withdrawInvite } from "./make-invite.ts";
import { handOverHost, renameHost, revokeHost } from "./manage-host.ts";
import { changeRole, leaveHost, removeMember } from "./manage-members.ts";
import { readHost } from "./read-hosts.ts";

const password = "correct horse battery";
let bench: AccountsBench;
let owner: Visitor;
let guest: Visitor;
let stranger: Visitor;
let host: string;
let hosts = 0;

beforeAll(async () => {
	bench = await startAccountsBench();
	// Long before the link that it opens: one opened within a second of the first confirmation counts as the first proof.
	await signedUp(bench, "invited@example.org");
	owner = await signedUp(bench, "owner@example.org");
	guest = await signedUp(bench, "guest@example.org");
	stranger = await signedUp(bench, "stranger@example.org");
});

afterAll(() => bench.stop());

/** Writes a table with the back end's own key, which no route has. */
async function write(table: string, row: Record<string, unknown>): Promise<void> {
	const answer = await fetch(`${bench.context.configuration.supabaseUrl}/rest/v1/${table}`, {
		method: "POST",
		headers: { apikey: bench.secretKey, "content-type": "application/json" },
		body: JSON.stringify(row),
	});
	expect(answer.status).toBe(201);
}

const idOf = (visitor: Visitor): string => decodeJwt(visitor.tokens.accessToken).sub ?? "";

beforeEach(async () => {
	hosts += 1;
	host = `0193f3a0-0000-7000-8000-${String(hosts).padStart(12, "0")}`;
	await write("hosts", { id: host, name: "Study", owner_id: idOf(owner), door_url: "https://study.example.org", version: "1.2.0" });
	await write("host_members", { host_id: host, user_id: idOf(owner), role: "owner" });
	await write("host_members", { host_id: host, user_id: idOf(guest), role: "operator" });
});

function session(visitor: Visitor) {
	const user = { id: idOf(visitor), email: "" };
	return { user, accessToken: visitor.tokens.accessToken };
}

async function hostOf(visitor: Visitor) {
	const read = await readHost(bench.context, session(visitor), host);
	return read.state === "ok" ? read.value : read;
}

async function rolesOf(visitor: Visitor): Promise<Record<string, string>> {
	const read = await hostOf(visitor);
	return read !== null && "members" in read ? Object.fromEntries(read.members.map(({ email, role }) => [email, role])) : {};
}

async function newestLine(visitor: Visitor): Promise<string> {
	const log = await readSecurityLog(bench.context.configuration, visitor.tokens, { limit: 1 });
	const [event] = log.state === "ok" ? log.value : [];
	return event === undefined ? "" : `${eventWords(event.kind)}: ${detailWords(event.detail)}`;
}

/** The role in a pass for the host, or the status of the refusal. */
async function passOf(visitor: Visitor): Promise<string | number> {
	const body = JSON.stringify({ hostId: host });
	const headers = { authorization: `Bearer ${visitor.tokens.accessToken}`, "content-length": String(body.length) };
	const answer = await issuePass(bench.context, new Request("http://localhost:3003/api/pass", { method: "POST", headers, body }));
	return answer.ok ? String(decodeJwt((await answer.json()).pass).role) : answer.status;
}

/** Makes a link as the owner and takes its secret from where the page does. */
async function makeLink(role = "user"): Promise<string> {
	expect((await owner.post(makeInviteLink, { host, role })).searchParams.get("done")).toBe("link");
	const secret = readNewLink(bench.context.portal.key, idOf(owner), host, owner.cookieHeader);
	expect(secret).toMatch(/^[\w-]{43}$/);
	return secret ?? "";
}

const open = (visitor: Visitor, secret: string): Promise<URL> => visitor.post(openInviteLink, { secret });
const accept = (visitor: Visitor, invite?: string): Promise<URL> =>
	visitor.post(answerInvite, { decision: "accept", ...(invite === undefined ? {} : { invite }) });
const path = (url: URL): string => url.pathname + url.search;

describe("an invitation by link", () => {
	it("is shown once, to its owner alone, and lets one person join", async () => {
		const secret = await makeLink("viewer");
		expect(readNewLink(bench.context.portal.key, idOf(guest), host, owner.cookieHeader)).toBeNull();
		await owner.post(forgetNewLink, { host });
		expect(readNewLink(bench.context.portal.key, idOf(owner), host, owner.cookieHeader)).toBeNull();
		const friend = await signedUp(bench, "friend@example.org");
		expect(path(await open(friend, secret))).toBe("/hosts/join");
		expect(path(await accept(friend))).toBe(`/hosts/${host}?done=joined`);
		expect(await rolesOf(owner)).toMatchObject({ "friend@example.org": "viewer" });
		expect(await passOf(friend)).toBe("viewer");
		expect(await newestLine(friend)).toBe("Host joined: Study · viewer · Ada Lovelace · by Ada Lovelace");
		expect(friend.cookieHeader).not.toContain(secret);
		await open(stranger, secret);
		expect(path(await accept(stranger))).toBe("/hosts?error=invite_over");
		expect(await passOf(stranger)).toBe(404);
	});

	it("stays in the browser while its person signs up", async () => {
		const secret = await makeLink();
		const visitor = new Visitor(bench);
		expect(path(await open(visitor, secret))).toBe("/hosts/join");
		expect(path(await accept(visitor))).toBe("/hosts/join");
		const email = "newcomer@example.org";
		await visitor.post(signUp, { name: "New", email, password, redirect_to: "/hosts/join" });
		expect(path(await visitor.post(confirmAddress, { ...(await newestLink(bench, email)), password }))).toBe("/hosts/join");
		expect(path(await accept(visitor))).toBe(`/hosts/${host}?done=joined`);
	});

	it("stays in the browser while its person signs in", async () => {
		const secret = await makeLink();
		await signedUp(bench, "returning@example.org");
		const visitor = new Visitor(bench);
		await open(visitor, secret);
		expect(path(await visitor.post(signIn, { email: "returning@example.org", password, redirect_to: "/hosts/join" }))).toBe("/hosts/join");
		expect(path(await accept(visitor))).toBe(`/hosts/${host}?done=joined`);
	});

	it("lets one of two in who accept at the same moment", async () => {
		const secret = await makeLink();
		const [one, two] = [await signedUp(bench, "one@example.org"), await signedUp(bench, "two@example.org")];
		await Promise.all([open(one, secret), open(two, secret)]);
		const answers = await Promise.all([accept(one), accept(two)]);
		expect(answers.map(path).sort()).toEqual(["/hosts?error=invite_over", `/hosts/${host}?done=joined`].sort());
	});

	it("changes nothing for a member, and is not used up by one", async () => {
		const secret = await makeLink("viewer");
		await open(guest, secret);
		expect(path(await accept(guest))).toBe(`/hosts/${host}?error=invite_member`);
		expect(await passOf(guest)).toBe("operator");
		const late = await signedUp(bench, "late@example.org");
		await open(late, secret);
		expect(path(await accept(late))).toBe(`/hosts/${host}?done=joined`);
	});

	it("is worth nothing when guessed, withdrawn or broken, and guesses are slowed down", async () => {
		const secret = await makeLink();
		const guesser = await signedUp(bench, "guesser@example.org");
		expect(path(await open(guesser, "no secret"))).toBe("/hosts/join?error=invite_over");
		expect(path(await accept(guesser))).toBe("/hosts/join?error=invite_over");
		const read = await hostOf(owner);
		const [invite] = read !== null && "invites" in read ? read.invites : [];
		expect(path(await owner.post(withdrawInvite, { host, invite: invite?.id ?? "" }))).toBe(`/hosts/${host}?done=withdrawn`);
		await open(guesser, secret);
		expect(path(await accept(guesser))).toBe("/hosts?error=invite_over");
		let answer = "";
		for (let guess = 0; guess < 20; guess++) {
			await open(guesser, `${"x".repeat(40)}${100 + guess}`);
			answer = path(await accept(guesser));
		}
		expect(answer).toMatch(/^\/hosts\/join\?error=too_many&wait=\d+$/);
	});
});

describe("an invitation to an address", () => {
	it("waits for who has it, and a mail leads there", async () => {
		expect(path(await owner.post(makeInviteByMail, { host, role: "user", email: "Invited@Example.org" }))).toBe(`/hosts/${host}?done=mail`);
		const elsewhere = new Visitor(bench);
		const link = await newestLink(bench, "invited@example.org");
		expect(link.type).toBe("magiclink");
		expect(path(await elsewhere.post(confirmLink, link))).toBe("/hosts");
		const waiting = await readWaitingInvites(bench.context, elsewhere.tokens);
		const [invite] = waiting.state === "ok" ? waiting.value : [];
		expect(invite).toMatchObject({ hostName: "Study", role: "user", invitedByEmail: "owner@example.org" });
		expect(path(await accept(stranger, invite?.id))).toBe("/hosts?error=invite_over");
		expect(path(await accept(elsewhere, invite?.id))).toBe(`/hosts/${host}?done=joined`);
		expect(await passOf(elsewhere)).toBe("user");
	});

	it("gets the same answer and no mail where nobody has it, and waits until somebody proves it", async () => {
		const email = "not-yet@example.org";
		expect(path(await owner.post(makeInviteByMail, { host, role: "user", email }))).toBe(`/hosts/${host}?done=mail`);
		const visitor = new Visitor(bench);
		await visitor.post(signUp, { name: "Not Yet", email, password });
		expect(await mailsTo(bench, email)).toHaveLength(1);
		expect(path(await visitor.post(confirmAddress, { ...(await newestLink(bench, email)), password }))).toBe("/hosts");
		const waiting = await readWaitingInvites(bench.context, visitor.tokens);
		const [invite] = waiting.state === "ok" ? waiting.value : [];
		expect(path(await visitor.post(answerInvite, { decision: "decline", invite: invite?.id ?? "" }))).toBe("/hosts?done=declined");
		expect(await readWaitingInvites(bench.context, visitor.tokens)).toEqual({ state: "ok", value: [] });
		expect(await newestLine(owner)).toBe("Invitation to a host declined: Study · user · Not Yet · by Ada Lovelace");
	});

	it("must be an address", async () => {
		expect((await owner.post(makeInviteByMail, { host, role: "user", email: "nobody" })).searchParams.get("error")).toBe("email_invalid");
		expect((await owner.post(makeInviteByMail, { host, role: "owner", email: "a@example.org" })).searchParams.get("error")).toBe(
			"role_missing",
		);
	});
});

describe("the members of a host", () => {
	it("get another role, leave and are removed, and their next pass says so", async () => {
		expect(path(await owner.post(changeRole, { host, member: idOf(guest), role: "viewer" }))).toBe(`/hosts/${host}?done=role`);
		expect(await passOf(guest)).toBe("viewer");
		expect(await newestLine(guest)).toBe("Role on a host changed: Study · viewer · Ada Lovelace · was operator");
		expect(path(await owner.post(removeMember, { host, member: idOf(guest) }))).toBe(`/hosts/${host}?done=removed`);
		expect(await passOf(guest)).toBe(404);
		expect(await hostOf(guest)).toBeNull();
		expect(path(await guest.post(leaveHost, { host }))).toBe(`/hosts/${host}?error=host_gone`);
	});

	it("cannot give themselves more: an operator, a stranger", async () => {
		for (const visitor of [guest, stranger]) {
			for (const [route, fields] of [
				[changeRole, { member: idOf(guest), role: "operator" }],
				[removeMember, { member: idOf(owner) }],
				[renameHost, { name: "Mine" }],
				[makeInviteLink, { role: "operator" }],
				[makeInviteByMail, { role: "operator", email: "friend-of-guest@example.org" }],
				[handOverHost, { member: idOf(visitor), password }],
			] as const) {
				expect((await visitor.post(route, { host, ...fields })).searchParams.get("error")).toBe("not_host_owner");
			}
		}
		expect((await guest.post(revokeHost, { host, confirm: "Study", password })).searchParams.get("error")).toBe("not_host_owner");
		expect(await rolesOf(owner)).toEqual({ "owner@example.org": "owner", "guest@example.org": "operator" });
	});

	it("include the owner, who stays", async () => {
		expect((await owner.post(removeMember, { host, member: idOf(owner) })).searchParams.get("error")).toBe("owner_stays");
		expect((await owner.post(changeRole, { host, member: idOf(owner), role: "viewer" })).searchParams.get("error")).toBe("owner_stays");
		expect((await owner.post(changeRole, { host, member: idOf(guest), role: "owner" })).searchParams.get("error")).toBe("role_missing");
		expect((await owner.post(leaveHost, { host })).searchParams.get("error")).toBe("owner_stays");
		expect((await owner.post(removeMember, { host, member: idOf(stranger) })).searchParams.get("error")).toBe("member_gone");
		expect(await passOf(owner)).toBe("owner");
	});

	it("are seen by the owner; others see the owner's name and themselves", async () => {
		expect(await hostOf(guest)).toMatchObject({
			name: "Study",
			address: "tunnel",
			version: "1.2.0",
			invites: [],
			members: [
				{ name: "Ada Lovelace", role: "owner", email: null, isSelf: false },
				{ email: "guest@example.org", isSelf: true },
			],
		});
		expect(await hostOf(stranger)).toBeNull();
	});
});

describe("the owner of a host", () => {
	it("renames it", async () => {
		expect(path(await owner.post(renameHost, { host, name: " Attic\t2 " }))).toBe(`/hosts/${host}?done=name`);
		expect(await hostOf(guest)).toMatchObject({ name: "Attic 2" });
		expect((await owner.post(renameHost, { host, name: "  " })).searchParams.get("error")).toBe("name_missing");
		expect((await owner.post(renameHost, { host, name: "x".repeat(81) })).searchParams.get("error")).toBe("name_long");
	});

	it("hands it over to a member, after a proof of who they are", async () => {
		const wrong = await owner.post(handOverHost, { host, member: idOf(guest), password: "not this one" });
		expect(path(wrong)).toBe(`/hosts/${host}?form=hand-over&error=password_wrong`);
		expect((await owner.post(handOverHost, { host, member: idOf(stranger), password })).searchParams.get("error")).toBe("member_gone");
		expect(path(await owner.post(handOverHost, { host, member: idOf(guest), password }))).toBe(`/hosts/${host}?done=handed-over`);
		expect([await passOf(owner), await passOf(guest)]).toEqual(["operator", "owner"]);
		expect((await owner.post(renameHost, { host, name: "Mine again" })).searchParams.get("error")).toBe("not_host_owner");
	});

	it("revokes it after typing its name, and everybody is out", async () => {
		const secret = await makeLink();
		const wrong = await owner.post(revokeHost, { host, confirm: "Study", password: "not this one" });
		expect(path(wrong)).toBe(`/hosts/${host}?form=revoke&error=password_wrong`);
		expect((await owner.post(revokeHost, { host, confirm: "study", password })).searchParams.get("error")).toBe("host_name_differs");
		expect(path(await owner.post(revokeHost, { host, confirm: "Study", password }))).toBe("/hosts?done=revoked");
		expect([await passOf(owner), await passOf(guest)]).toEqual([404, 404]);
		expect(await newestLine(guest)).toBe("Host revoked: Study · by Ada Lovelace");
		expect(await readLinkInvite(bench.context, guest.tokens, hashOf(secret))).toEqual({ state: "ok", value: null });
	});

	it("finds hosts and invitations in the export of the account", async () => {
		await makeLink("viewer");
		const headers = {
			cookie: owner.cookieHeader,
			origin: "http://accounts.optalocal.localhost:3003",
			"content-type": "application/x-www-form-urlencoded",
			"content-length": "0",
		};
		const response = await exportAccount(bench.context, new Request("http://localhost:3003/x", { method: "POST", body: "", headers }));
		const bytes = unzipSync(new Uint8Array(await response.arrayBuffer()))["hosts.json"];
		const { hosts: own, invitationsMade } = JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
		expect(own).toContainEqual(expect.objectContaining({ id: host, name: "Study", role: "owner" }));
		expect(invitationsMade).toContainEqual(expect.objectContaining({ hostId: host, role: "viewer", email: null }));
	});
});

describe("the forms of hosts", () => {
	const routes = {
		renameHost,
		handOverHost,
		revokeHost,
		changeRole,
		removeMember,
		leaveHost,
		makeInviteLink,
		makeInviteByMail,
		withdrawInvite,
	};

	it.each(Object.entries({ ...routes, forgetNewLink, openInviteLink, answerInvite }))(
		"refuse another site's page: %s",
		async (_, route) => {
			for (const origin of ["http://evil.example", "http://lmx.optalocal.localhost:3004", "null", undefined]) {
				const body = new URLSearchParams({ host, member: idOf(guest), role: "viewer", name: "Taken", decision: "accept" }).toString();
				const headers = {
					cookie: owner.cookieHeader,
					"content-type": "application/x-www-form-urlencoded",
					"content-length": `${body.length}`,
				};
				const sent = origin === undefined ? headers : { ...headers, origin };
				const answer = await route(bench.context, new Request("http://localhost:3003/x", { method: "POST", body, headers: sent }));
				expect(answer.status).toBe(403);
			}
		},
	);

	it.each(Object.entries(routes))("change nothing for somebody who is signed out, or whose session has ended: %s", async (_, route) => {
		const fields = { host, member: idOf(guest), role: "viewer", name: "Taken", confirm: "Study", password, email: "x@example.org" };
		expect(path(await new Visitor(bench).post(route, fields))).toBe(`/hosts/${host}`);
		const ended = new Visitor(bench);
		await ended.post(signIn, { email: "owner@example.org", password });
		const cookies = new Map(ended.cookies);
		await ended.post(revoke, { what: "session", id: String(decodeJwt(ended.tokens.accessToken).session_id) });
		for (const [name, value] of cookies) {
			ended.cookies.set(name, value);
		}
		expect(path(await ended.post(route, fields))).toBe(`/hosts/${host}`);
		expect(await rolesOf(owner)).toEqual({ "owner@example.org": "owner", "guest@example.org": "operator" });
		expect(await hostOf(owner)).toMatchObject({ name: "Study" });
	});

	it("say so where the host is none", async () => {
		expect(path(await owner.post(renameHost, { host: "../x", name: "Attic" }))).toBe("/hosts?error=host_gone");
	});
});
