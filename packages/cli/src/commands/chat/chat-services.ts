import { modelTransitionSchema } from "@opta/contracts/schema/lmx-admin-models";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostResult } from "@opta/host-client/host-error";
import { openAccount } from "../../account/open-account.ts";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { openLmxForModels } from "../../lmx/lmx-admin.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { OpenChatOptions } from "../../tui/open-chat.ts";

/** A model of hundreds of gigabytes is read from disk in this time. */
const loadTimeoutMs = 15 * 60_000;

/** The value, or the words of the failure as a value: screens show errors and go on. */
async function asResult<T>(work: () => Promise<T>): Promise<HostResult<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { ok: false, error: { code: "offline", message, status: null, retryAfterMs: null } };
	}
}

/** Reaches the daemon for a screen, which is painted meanwhile. Notices would be drawn over, so they are left out. */
export function reachDaemon(context: CliContext): Promise<HostResult<DaemonClient>> {
	const quiet = { ...context, output: { ...context.output, note: () => undefined } };
	return asResult(async () => (await connectDaemon(quiet)).client);
}

async function describeAccount(context: CliContext): Promise<string> {
	const { store, session } = await openAccount(context);
	if ((await store.read()) === null) {
		return "Nobody is signed in. Sign in: opta account login";
	}
	const answer = await session.whoAmI();
	return answer.ok ? `${answer.value.user.name} <${answer.value.user.email}> on ${answer.value.device.name}` : answer.message;
}

/** What a chat can do beside the daemon: find it again, say who is signed in, load a model at the host. */
export function chatServices(context: CliContext): Pick<Required<OpenChatOptions>, "reconnect" | "whoAmI" | "loadModel"> {
	return {
		reconnect: () => reachDaemon(context),
		async whoAmI() {
			const described = await asResult(() => describeAccount(context));
			return described.ok ? described.value : described.error.message;
		},
		loadModel: (model) =>
			asResult(async () => {
				const admin = await openLmxForModels(context);
				const path = "/admin/models/load?wait=true";
				const loaded = await admin.ask({ method: "POST", path, schema: modelTransitionSchema, body: { model }, timeoutMs: loadTimeoutMs });
				if (!loaded.ok) {
					throw new CommandFailure("failed", loaded.error.message);
				}
				return null;
			}),
	};
}
