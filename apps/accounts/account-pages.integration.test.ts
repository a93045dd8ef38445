import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepAccount, requestDeletion } from "./data/delete-account.ts";
import { exportAccount, exportSecurityLog } from "./data/export-account.ts";
import { readDeletion } from "./data/read-deletion.ts";
import { isUnbrokenChain, readWholeSecurityLog } from "./data/security-log.ts";
import { requestRecovery } from "./forms/request-recovery.ts";
import { signIn } from "./forms/sign-in.ts";
import { changeEmail } from "./security/change-email.ts";
import { changePassword } from "./security/change-password.ts";
import { confirmLink } from "./security/confirm-link.ts";
import { sendSignInLink } from "./security/send-sign-in-link.ts";
import { readInventory } from "./sessions/inventory.ts";
import { revoke } from "./sessions/revoke.ts";
import { type AccountsBench, startAccountsBench } from "./testing/accounts-bench.ts";
import { newestLink, signedUp, Visitor } from "./testing/visitor.ts";

const password = "correct horse battery";
let bench: AccountsBench;

beforeAll(async () => {
	bench = await startAccountsBench();
});

afterAll(() => bench.stop());

async function signedIn(email: string): Promise<Visitor> {
	const visitor = new Visitor(bench);
	expect((await visitor.post(signIn, { email, password })).pathname).toBe("/");
	return visitor;
}

async function inventoryOf(visitor: Visitor) {
	const inventory = await readInventory(bench.context.configuration, visitor.tokens);
	return inventory.state === "ok" ? inventory.value : null;
}

function request(visitor: Visitor, origin = true): Request {
	const headers = { cookie: visitor.cookieHeader, "content-length": "0", "content-type": "application/x-www-form-urlencoded" };
	return new Request("http://localhost:3003/x", {
		method: "POST",
		body: "",
		headers: origin ? { ...headers, origin: "http://accounts.optalocal.localhost:3003" } : headers,
	});
}

async function hasLiveSession(visitor: Visitor): Promise<boolean> {
	await visitor.age();
	return ((await (await visitor.session()).json()) as { signedIn: boolean }).signedIn;
}

describe("wrong passwords", () => {
	it("are slowed down for the account, for known and unknown ones alike; right ones are not counted", async () => {
		await signedUp(bench, "slow@example.org");
		for (let visit = 0; visit < 7; visit++) {
			await signedIn("slow@example.org");
		}
		for (const email of ["slow@example.org", "unknown@example.org"]) {
			const answers: URL[] = [];
			for (let guess = 0; guess < 6; guess++) {
				answers.push(await new Visitor(bench).post(signIn, { email, password: "wrong password" }));
			}
			expect(answers.map((answer) => answer.searchParams.get("error"))).toEqual([...Array(5).fill("wrong_password"), "too_many"]);
			expect(Number(answers[5]!.searchParams.get("wait"))).toBeGreaterThan(30);
		}
	});

	it("take as long for unknown accounts as for known ones", async () => {
		await signedUp(bench, "timed@example.org");
		const times: number[] = [];
		for (const email of ["timed@example.org", "nobody-at-all@example.org"]) {
			const startMs = performance.now();
			await new Visitor(bench).post(signIn, { email, password: "wrong password" });
			times.push(performance.now() - startMs);
		}
		expect(Math.abs(times[0]! - times[1]!)).toBeLessThan(400);
	});
});

describe("mail", () => {
	it("for a new password goes out three times a day at most", async () => {
		await signedUp(bench, "forgetful@example.org");
		const answers: (string | null)[] = [];
		for (let wish = 0; wish < 4; wish++) {
			answers.push((await new Visitor(bench).post(requestRecovery, { email: "forgetful@example.org" })).searchParams.get("error"));
		}
		expect(answers).toEqual([null, null, null, "too_many"]);
	});

	it("signs in by its link, in another browser too; an address without an account gets the same answer and no mail", async () => {
		await signedUp(bench, "link@example.org");
		const asked = await new Visitor(bench).post(sendSignInLink, { email: "link@example.org" });
		const unknown = await new Visitor(bench).post(sendSignInLink, { email: "no-link@example.org" });
		expect(unknown.href).toBe(asked.href);
		const link = await newestLink(bench, "link@example.org");
		expect(link.type).toBe("magiclink");
		const elsewhere = new Visitor(bench);
		expect((await elsewhere.post(confirmLink, link)).pathname).toBe("/");
		expect((await inventoryOf(elsewhere))?.sessions.map(({ way }) => way)).toContain("link");
		expect((await new Visitor(bench).post(confirmLink, link)).searchParams.get("error")).toBe("link_over");
		expect((await signedIn("link@example.org")).tokens.accessToken).not.toBe("");
	});
});

describe("sessions", () => {
	it("are listed, ended one by one, all others, or all", async () => {
		const first = await signedUp(bench, "many@example.org");
		const second = await signedIn("many@example.org");
		const third = await signedIn("many@example.org");
		const listed = await inventoryOf(first);
		expect(listed?.sessions).toHaveLength(3);
		const secondId = (await inventoryOf(second))!.sessions.find(({ isCurrent }) => isCurrent)!.id;
		expect((await first.post(revoke, { what: "session", id: secondId })).searchParams.get("ended")).toBe("session");
		expect(await hasLiveSession(second)).toBe(false);
		expect((await first.post(revoke, { what: "others" })).searchParams.get("ended")).toBe("others");
		expect(await hasLiveSession(third)).toBe(false);
		expect((await first.post(revoke, { what: "everything" })).pathname).toBe("/sign-in");
		expect(first.tokens.accessToken).toBe("");
	});
});

describe("the password", () => {
	it("is changed with the present one, and ends the other sessions", async () => {
		const here = await signedUp(bench, "change@example.org");
		const elsewhere = await signedIn("change@example.org");
		expect((await here.post(changePassword, { password: "not this one", new_password: "a new password" })).searchParams.get("error")).toBe(
			"password_wrong",
		);
		expect((await here.post(changePassword, { password, new_password: "short" })).searchParams.get("error")).toBe("password_short");
		expect((await here.post(changePassword, { password, new_password: "a new password" })).searchParams.get("done")).toBe("password");
		expect(await hasLiveSession(elsewhere)).toBe(false);
		expect(await hasLiveSession(here)).toBe(true);
	});
});

describe("the e-mail address", () => {
	it("stays as it is where the back end cannot prove a new one", async () => {
		const visitor = await signedUp(bench, "old@example.org");
		expect((await visitor.post(changeEmail, { email: "new@example.org", password })).searchParams.get("error")).toBe("address_fixed");
	});
});

describe("an account", () => {
	it("is exported as one archive, which says whether the log is whole", async () => {
		const visitor = await signedUp(bench, "export@example.org");
		expect((await exportAccount(bench.context, request(visitor, false))).status).toBe(403);
		const response = await exportAccount(bench.context, request(visitor));
		const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
		const read = (name: string) => JSON.parse(Buffer.from(files[name]!).toString("utf8"));
		expect(read("account.json")).toMatchObject({ email: "export@example.org", name: "Ada Lovelace" });
		expect(read("security-log.json")).toMatchObject({ isUnbroken: true, events: [{ seq: 1, kind: "session.opened" }] });
		expect(JSON.stringify(Object.values(files).map((file) => Buffer.from(file).toString("utf8")))).not.toContain(
			visitor.tokens.accessToken,
		);
		const lines = (await (await exportSecurityLog(bench.context, request(visitor))).text()).trim().split("\n");
		expect(JSON.parse(lines.at(-1)!)).toMatchObject({ seq: 2, kind: "data.exported" });
		const log = await readWholeSecurityLog(bench.context.configuration, visitor.tokens);
		expect(log.state === "ok" && isUnbrokenChain(log.value)).toBe(true);
		expect(log.state === "ok" && isUnbrokenChain(log.value.slice(1))).toBe(false);
	});

	it("is deleted only after its address was typed again, and can be kept", async () => {
		const visitor = await signedUp(bench, "leave@example.org");
		const elsewhere = await signedIn("leave@example.org");
		expect((await visitor.post(requestDeletion, { password, confirm: "yes" })).searchParams.get("error")).toBe("address_differs");
		expect((await visitor.post(requestDeletion, { password, confirm: "Leave@example.org" })).searchParams.get("done")).toBe("asked");
		expect(await hasLiveSession(elsewhere)).toBe(false);
		const due = await readDeletion(bench.context.configuration, visitor.tokens);
		expect(due.state === "ok" && due.value!.getTime() - Date.now()).toBeGreaterThan(13 * 86_400_000);
		expect((await visitor.post(keepAccount, {})).searchParams.get("done")).toBe("kept");
		expect(await readDeletion(bench.context.configuration, visitor.tokens)).toEqual({ state: "ok", value: null });
	});
});
