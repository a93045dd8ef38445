import { setTimeout as delay } from "node:timers/promises";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import { Agent } from "undici";
import { askMetrics } from "./ask-metrics.ts";
import { cloudflaredCommand, type TunnelKind } from "./cloudflared-command.ts";
import { findFreePort } from "./find-free-port.ts";
import { quickTunnelNameIn } from "./quick-tunnel-name.ts";
import { type CloudflaredLine, readOutput } from "./read-output.ts";
import { defaultRestartWaits, type RestartWaits, restartWaitMs } from "./restart-wait.ts";
import { startCloudflared } from "./start-cloudflared.ts";
import { defaultWatchIntervals, type WatchedTunnel, type WatchIntervals, watchTunnel } from "./watch-tunnel.ts";

/** What the tunnel is, where it leads, and who is told. */
export interface CloudflaredOptions {
	readonly tunnel: TunnelKind;
	/** Port of the door on 127.0.0.1. */
	readonly doorPort: number;
	/** Finds the program, or says what to do where it is missing; asked again before every start. */
	readonly findBinary: () => { readonly file: string } | { readonly missing: string };
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly meetSelf: WatchedTunnel["meetSelf"];
	/** Told on every change. */
	readonly onChange: (view: TunnelView) => void;
	/** What cloudflared writes, without secrets. */
	readonly onLine: (line: CloudflaredLine) => void;
	readonly watch?: Partial<WatchIntervals>;
	readonly restart?: Partial<RestartWaits>;
}

/** A tunnel that is kept open. */
export interface RunningTunnel {
	readonly view: () => TunnelView;
	/** Ends cloudflared; settles when it is gone. */
	readonly stop: () => Promise<void>;
}

/** From SIGTERM to SIGKILL; cloudflared itself would wait for open requests for half a minute. */
const stopGraceMs = 2000;

/** Runs cloudflared until it is told to stop: learns the public address, starts it again when it ends or hangs. */
export function runCloudflared(options: CloudflaredOptions): RunningTunnel {
	const { tunnel, doorPort } = options;
	const intervals = { ...defaultWatchIntervals, ...options.watch };
	const waits = { ...defaultRestartWaits, ...options.restart };
	const stopping = new AbortController();
	const agent = new Agent();
	const fixedUrl = tunnel.kind === "named" ? tunnel.publicUrl : null;
	let view: TunnelView = { state: "starting", publicUrl: null, reason: null };

	function change(next: TunnelView): void {
		const isNew = next.state !== view.state || next.publicUrl !== view.publicUrl || next.reason !== view.reason;
		view = next;
		if (isNew && !stopping.signal.aborted) {
			options.onChange(view);
		}
	}

	/** One life of cloudflared: why it ended, as the rest of a sentence, and for how long it was connected. */
	async function live(binary: string): Promise<{ reason: string; connectedMs: number }> {
		const metricsPort = await findFreePort();
		const over = new AbortController();
		let publicUrl = fixedUrl;
		let connectedSinceMs: number | null = null;
		const learn = (quickName: string | null): void => {
			publicUrl = quickName === null || tunnel.kind !== "quick" ? publicUrl : `https://${quickName}`;
		};
		const run = startCloudflared(binary, cloudflaredCommand(tunnel, { doorPort, metricsPort }, options.environment), (line) => {
			learn(quickTunnelNameIn(line));
			options.onLine(readOutput(line));
		});
		const watched: WatchedTunnel = {
			askMetrics: (signal) => askMetrics(metricsPort, signal, agent),
			publicUrl: () => publicUrl,
			meetSelf: options.meetSelf,
			onUp({ quickName }) {
				learn(quickName);
				if (publicUrl !== null) {
					connectedSinceMs ??= performance.now();
					change({ state: "connected", publicUrl, reason: null });
				}
			},
			onDown(reason) {
				if (connectedSinceMs !== null) {
					change({ state: "reconnecting", publicUrl, reason });
				}
			},
		};
		const watch = watchTunnel(watched, AbortSignal.any([over.signal, stopping.signal]), intervals);
		const ended = run.ended.then((reason) => `cloudflared ${reason}`);
		const reason = await Promise.race([ended, watch]);
		over.abort();
		await run.stop(stopGraceMs);
		await watch;
		return { reason: reason ?? "stopped", connectedMs: connectedSinceMs === null ? 0 : performance.now() - connectedSinceMs };
	}

	async function keepOpen(): Promise<void> {
		for (let failures = 0; !stopping.signal.aborted; ) {
			const found = options.findBinary();
			let waitMs = waits.longestMs;
			if ("missing" in found) {
				change({ state: "missing", publicUrl: null, reason: found.missing });
			} else {
				const { reason, connectedMs } = await live(found.file);
				failures = connectedMs >= waits.steadyMs ? 0 : failures + 1;
				waitMs = restartWaitMs(waits, failures, Math.random());
				change({ state: "reconnecting", publicUrl: fixedUrl === null ? null : view.publicUrl, reason });
			}
			await delay(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
		}
	}
	const running = keepOpen();
	return {
		view: () => view,
		stop: async () => {
			stopping.abort();
			await running;
			await agent.destroy();
		},
	};
}
