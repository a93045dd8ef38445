import { z } from "zod";

/** Life of a supervised process: `restarting` waits before the next try, `failed` will not be tried again. */
export const processStates = ["starting", "ready", "restarting", "stopping", "stopped", "failed"] as const;

/** Sent by a process over its IPC channel once it listens. `port` is missing where it has none, or several. */
export const readyMessageSchema = z.object({ type: z.literal("ready"), port: z.int().optional() });

/** Sent by native-host over its IPC channel whenever one of its roles changes. `reason` says why it is not ready. */
export const roleMessageSchema = z.object({
	type: z.literal("role"),
	role: z.string(),
	state: z.enum(processStates),
	pid: z.int().nullable(),
	reason: z.string().nullable(),
});

/**
 * How the way from the internet stands: `starting` has no connection yet, `connected` has one, `reconnecting` had one or
 * begins again, `missing` cannot begin because cloudflared is not on this machine.
 */
export const tunnelStates = ["starting", "connected", "reconnecting", "missing"] as const;

/** Sent by the tunnel door over its IPC channel whenever its way from the internet changes. */
export const tunnelMessageSchema = z.object({
	type: z.literal("tunnel"),
	state: z.enum(tunnelStates),
	/** Public address of the door, also while it is cut for a moment; null where there is none (yet, or any more). */
	publicUrl: z.url().nullable(),
	/** Why it is not connected, in one sentence; null where it is, or only begins. */
	reason: z.string().nullable(),
});

/** Life of a supervised process. */
export type ProcessState = (typeof processStates)[number];
/** Sent by a process once it listens. */
export type ReadyMessage = z.infer<typeof readyMessageSchema>;
/** Sent by native-host whenever one of its roles changes. */
export type RoleMessage = z.infer<typeof roleMessageSchema>;
/** Sent by the tunnel door whenever its way from the internet changes. */
export type TunnelMessage = z.infer<typeof tunnelMessageSchema>;
/** How the way from the internet stands. */
export type TunnelView = Omit<TunnelMessage, "type">;
