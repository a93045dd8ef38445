import { setTimeout as delay } from "node:timers/promises";
import { type RemoteGrant, remoteGrants } from "@opta/contracts/reach";
import type { ReachStatus } from "@opta/contracts/schema/daemon-status";
import type { DeviceHost } from "@opta/contracts/schema/host-claim";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { openReachPins } from "@opta/daemon/reach/reach-pins";
import { openAccount, orSignInFailure } from "../../account/open-account.ts";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";
import { askLine } from "../../terminal/ask-line.ts";
import { tableLines } from "../../terminal/text-table.ts";
import { writeReach } from "./change-reach.ts";
import { describeLink, describeReach } from "./describe-reach.ts";
import { grantQuestions, parseGrants } from "./grants.ts";

const joinTimeoutMs = 25_000;
const pollMs = 250;

async function listHosts(context: CliContext): Promise<readonly DeviceHost[]> {
	const { session, store } = await openAccount(context);
	return orSignInFailure(async () => {
		if ((await store.read()) === null) {
			throw new CommandFailure("failed", "Nobody is signed in on this computer. Sign in: opta account login");
		}
		const listed = await session.listHosts();
		if (!listed.ok) {
			throw new CommandFailure("failed", listed.message);
		}
		return listed.value;
	});
}

async function chooseHost(
	{ input, output, signal }: CliContext,
	hosts: readonly DeviceHost[],
	wanted: string | undefined,
): Promise<DeviceHost> {
	const names = hosts.map(({ name }) => name).join(", ");
	if (wanted !== undefined) {
		const found = hosts.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
		const [only] = found;
		if (only === undefined || found.length > 1) {
			const what = only === undefined ? "You use no host of that name" : "Several of your hosts have that name";
			throw new CommandFailure("usage", `${what}. ${names === "" ? "Claim one: opta host claim" : `Yours: ${names}; or write its id.`}`);
		}
		return only;
	}
	const [first] = hosts;
	if (first === undefined) {
		throw new CommandFailure("failed", "You use no host yet. Claim one on the computer that is to be it: opta host claim");
	}
	if (hosts.length === 1) {
		return first;
	}
	if (!input.isTerminal) {
		throw new CommandFailure("usage", `You use several hosts; name one: opta reach on <host>. Yours: ${names}`);
	}
	for (const [index, { name, role }] of hosts.entries()) {
		output.note(`${index + 1}  ${name} (${role})`);
	}
	const chosen = hosts[Number((await askLine("Which host? ", signal)).trim()) - 1];
	if (chosen === undefined) {
		throw new CommandFailure("usage", "That is none of them. Nothing was changed.");
	}
	return chosen;
}

async function chooseGrants({ context, flags }: CommandCall): Promise<readonly RemoteGrant[]> {
	const given = flags.text("allow");
	if (given !== undefined) {
		return parseGrants(given);
	}
	if (!context.input.isTerminal) {
		return ["see"];
	}
	const allow: RemoteGrant[] = [];
	for (const grant of remoteGrants) {
		const usual = grant === "see";
		const answer = (await askLine(`${grantQuestions[grant]} ${usual ? "[Y/n]" : "[y/N]"} `, context.signal)).trim();
		if (answer === "" ? usual : /^y(es)?$/i.test(answer)) {
			allow.push(grant);
		}
	}
	if (allow.length === 0) {
		throw new CommandFailure("failed", "With nothing allowed there is nothing to join for. Nothing was changed.");
	}
	return allow;
}

/** Waits until the daemon has joined, or says why it has not. */
async function awaitJoin(context: CliContext, hostId: string): Promise<ReachStatus> {
	const { client } = await connectDaemon(context);
	const endAtMs = performance.now() + joinTimeoutMs;
	context.output.progress("joining the host …");
	for (;;) {
		const { reach } = unwrapAnswer(await client.status());
		const isSettled = reach.host?.id === hostId && ["joined", "waiting", "refused", "signedOut"].includes(reach.link.state);
		if (isSettled || performance.now() > endAtMs) {
			context.output.progress(null);
			return reach;
		}
		await delay(pollMs, undefined, { signal: context.signal });
	}
}

/** Joins a host. The person's own word for it lets in a host whose key has changed, too. */
export const runReachOn: CommandRun = async (call) => {
	const { context, args, flags } = call;
	const { output } = context;
	const host = await chooseHost(context, await listHosts(context), args[0]);
	const allow = await chooseGrants(call);
	await openReachPins(homeFiles(context.home).reachPins).forgetHost(host.id);
	await writeReach(context, { host: host.id, allow });
	const reach = await awaitJoin(context, host.id);
	if (flags.isSet("json")) {
		output.json(reach);
	} else {
		tableLines(describeReach(reach, Date.now()).slice(0, 3)).forEach(output.line);
	}
	switch (reach.link.state) {
		case "joined":
			return "ok";
		case "refused":
		case "signedOut":
			return "failed";
		default:
			output.note(`It goes on trying. ${describeLink(reach.link, Date.now())}`);
			return "unreachable";
	}
};
