import type { TunnelView } from "@opta/contracts/schema/process-message";
import type { Logger } from "pino";
import type { TunnelKind } from "./cloudflared-command.ts";
import { explainMissing, findCloudflared } from "./find-cloudflared.ts";
import type { MeetSelf } from "./meet-self.ts";
import { type CloudflaredOptions, type RunningTunnel, runCloudflared } from "./run-cloudflared.ts";
import type { WantedTunnel } from "./tunnel-settings.ts";
import { readTunnelToken } from "./tunnel-token.ts";

/** What a door needs to be reached from the internet. */
export interface OpenTunnelOptions {
	readonly tunnel: WantedTunnel;
	readonly stateDir: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Port of the door on 127.0.0.1. */
	readonly doorPort: number;
	/** Null where Cloudflare Access stands before the door: it lets only its own people through, and this host is none of them. */
	readonly meetSelf: MeetSelf | null;
	readonly logger: Logger;
	/** Told on every change. */
	readonly onChange: (view: TunnelView) => void;
	readonly watch?: CloudflaredOptions["watch"];
	readonly restart?: CloudflaredOptions["restart"];
}

/** The tunnel, or null where there is none; or one line for a person. */
export type OpenedTunnel = { readonly ok: true; readonly tunnel: RunningTunnel | null } | { readonly ok: false; readonly message: string };

const sentences = {
	starting: "the tunnel is being opened",
	connected: "the tunnel is open",
	reconnecting: "the tunnel is cut",
	missing: "the tunnel cannot be opened",
} as const;

/** Opens the tunnel that is wanted, and keeps it open. */
export function openTunnel(options: OpenTunnelOptions): OpenedTunnel {
	const { environment, logger } = options;
	const wanted = options.tunnel;
	if (wanted.mode === "off") {
		return { ok: true, tunnel: null };
	}
	let kind: TunnelKind = { kind: "quick" };
	if (wanted.mode === "named") {
		const read = readTunnelToken(options.stateDir, environment.OPTA_TUNNEL_TOKEN);
		if (!read.ok) {
			return read;
		}
		kind = { kind: "named", publicUrl: wanted.publicUrl, token: read.token };
	}
	const configured = environment.OPTA_CLOUDFLARED;
	const tunnel = runCloudflared({
		tunnel: kind,
		doorPort: options.doorPort,
		findBinary: () => {
			const file = findCloudflared({ configured, searchPath: environment.PATH });
			return file === null ? { missing: explainMissing(configured, process.platform) } : { file };
		},
		environment,
		meetSelf: options.meetSelf,
		onChange: (view) => {
			const isFine = view.state === "connected" || view.state === "starting";
			logger[isFine ? "info" : "warn"]({ tunnel: view.state, publicUrl: view.publicUrl, reason: view.reason }, sentences[view.state]);
			options.onChange(view);
		},
		onLine: ({ level, text }) => logger[level]({ source: "cloudflared" }, text),
		...(options.watch === undefined ? {} : { watch: options.watch }),
		...(options.restart === undefined ? {} : { restart: options.restart }),
	});
	return { ok: true, tunnel };
}
