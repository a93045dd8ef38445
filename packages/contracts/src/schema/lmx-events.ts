import { z } from "zod";
import { modelStates } from "./lmx-models.ts";

/** Stages of a load, in order. */
export const loadStages = ["verifying", "preparing", "reading", "context", "measuring"] as const;

/** Life of a job. */
export const jobStates = ["queued", "running", "paused", "succeeded", "failed", "cancelled"] as const;

/** Kinds of long work that LMX does in the background. */
export const jobKinds = ["download", "quantize", "bench"] as const;

/** Something that happened in LMX. `at` is when it happened (RFC 3339). Clients ignore types that they do not know. */
export const lmxEventSchema = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("model.state"),
		at: z.iso.datetime(),
		model: z.string(),
		state: z.enum(modelStates),
		/** Why, for a state that people would ask about: failed, evicted, idle. */
		reason: z.string().nullable(),
	}),
	z.object({
		type: z.literal("model.progress"),
		at: z.iso.datetime(),
		model: z.string(),
		stage: z.enum(loadStages),
		/** Of the stage, 0 to 1; null when it cannot be known. */
		fraction: z.number().min(0).max(1).nullable(),
	}),
	z.object({
		type: z.literal("model.evicted"),
		at: z.iso.datetime(),
		model: z.string(),
		reason: z.enum(["memory", "idle", "asked", "replaced"]),
		freedBytes: z.int().nullable(),
	}),
	z.object({
		type: z.literal("model.crashed"),
		at: z.iso.datetime(),
		model: z.string(),
		reason: z.string(),
		restartInMs: z.int().nullable(),
	}),
	z.object({
		type: z.literal("job.updated"),
		at: z.iso.datetime(),
		job: z.string(),
		kind: z.enum(jobKinds),
		state: z.enum(jobStates),
		model: z.string(),
		doneBytes: z.int().nullable(),
		totalBytes: z.int().nullable(),
		bytesPerSecond: z.number().nullable(),
		etaMs: z.int().nullable(),
		/** Of the whole job, 0 to 1; null when it cannot be known. */
		fraction: z.number().min(0).max(1).nullable(),
		message: z.string().nullable(),
	}),
	z.object({ type: z.literal("models.changed"), at: z.iso.datetime(), added: z.array(z.string()), removed: z.array(z.string()) }),
	z.object({
		type: z.literal("requests.load"),
		at: z.iso.datetime(),
		active: z.int(),
		queued: z.int(),
		tokensPerSecond: z.number(),
		promptTokensPerSecond: z.number(),
	}),
	z.object({ type: z.literal("config.reloaded"), at: z.iso.datetime(), problem: z.string().nullable() }),
]);

/**
 * One message of `GET /admin/events` (server-sent events; `data` is this as JSON, `id` is `<epoch>:<seq>`).
 * A stream begins with a `snapshot`, whose events say how things are and are read like live ones; everything known
 * before it is to be forgotten. With `Last-Event-ID` it goes on after that event instead; where it cannot, it says
 * `resync` and begins with a snapshot.
 */
export const lmxStreamMessageSchema = z.union([
	lmxEventSchema,
	z.object({ type: z.literal("snapshot"), at: z.iso.datetime(), events: z.array(lmxEventSchema) }),
	z.object({ type: z.literal("resync"), at: z.iso.datetime(), reason: z.enum(["too_old", "restarted"]) }),
]);

/** One message of `GET /admin/events`. */
export type LmxStreamMessage = z.infer<typeof lmxStreamMessageSchema>;
/** Something that happened in LMX. */
export type LmxEvent = z.infer<typeof lmxEventSchema>;
/** Stage of a load. */
export type LoadStage = (typeof loadStages)[number];
/** State of a job. */
export type JobState = (typeof jobStates)[number];
/** Kind of a job. */
export type JobKind = (typeof jobKinds)[number];
