import { afterAll, beforeAll, expect, it } from "vitest";
import { readSecurityLog } from "../data/security-log.ts";
import { changePassword } from "../security/change-password.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { type FakeGitHub, fakeGitHubSettings, startFakeGitHub } from "../testing/fake-github.ts";
import { ProviderVisitor } from "../testing/provider-visitor.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";
import { linkIdentity } from "./link-identity.ts";
import { readSignInWays } from "./read-sign-in-ways.ts";
import { unlinkIdentity } from "./unlink-identity.ts";

let bench: AccountsBench;
let github: FakeGitHub;

beforeAll(async () => {
	github = await startFakeGitHub();
	bench = await startAccountsBench(undefined, fakeGitHubSettings(github));
});

afterAll(async () => {
	await bench.stop();
	await github.close();
});

async function identityId(visitor: Visitor): Promise<string> {
	const ways = await readSignInWays(bench.context, visitor.tokens);
	return ways!.identities[0]!.id;
}

async function events(visitor: Visitor): Promise<readonly [string, unknown][]> {
	const log = await readSecurityLog(bench.context.configuration, visitor.tokens, { limit: 20 });
	return log.state === "ok" ? log.value.map(({ kind, detail }) => [kind, detail.provider]) : [];
}

it("keeps the only login until there is a password, and then removes it for good", async () => {
	github.person = github.newPerson("only@example.org");
	const visitor = new ProviderVisitor(bench);
	await visitor.through();
	const id = await identityId(visitor);
	expect((await visitor.post(unlinkIdentity, { id })).searchParams.get("error")).toBe("identity_last");
	expect((await visitor.post(changePassword, { new_password: "my own password" })).searchParams.get("done")).toBe("password");
	expect((await visitor.post(unlinkIdentity, { id })).searchParams.get("done")).toBe("identity-unlinked");
	expect(await readSignInWays(bench.context, visitor.tokens)).toEqual({ hasPassword: true, identities: [] });
	expect(await events(visitor)).toContainEqual(["identity.unlinked", "GitHub"]);
	expect((await visitor.post(unlinkIdentity, { id })).searchParams.get("error")).toBe("identity_gone");
});

it("writes down that a login was linked by itself to an account that was there", async () => {
	await signedUp(bench, "linked@example.org");
	github.person = github.newPerson("linked@example.org");
	const visitor = new ProviderVisitor(bench);
	await visitor.through();
	expect(await events(visitor)).toContainEqual(["identity.linked", "GitHub"]);
	await visitor.through();
	expect((await events(visitor)).filter(([kind]) => kind === "identity.linked")).toHaveLength(1);
});

it("removes nothing of somebody else, and nothing for somebody who is not signed in", async () => {
	github.person = github.newPerson("mine@example.org");
	const owner = new ProviderVisitor(bench);
	await owner.through();
	const id = await identityId(owner);
	const other = await signedUp(bench, "other@example.org");
	expect((await other.post(unlinkIdentity, { id })).searchParams.get("error")).toBe("identity_gone");
	const nobody = new ProviderVisitor(bench);
	expect((await nobody.post(unlinkIdentity, { id })).href).toMatch(/\/security$/);
	expect(await identityId(owner)).toBe(id);
});

it("does not offer to link by hand where the back end cannot", async () => {
	const visitor = await signedUp(bench, "hand@example.org");
	expect((await visitor.post(linkIdentity, { provider: "github" })).searchParams.get("error")).toBe("link_off");
});
