import { z } from "zod";
import type { permissionModes } from "../daemon-protocol.ts";

/** How far an answer reaches: this call, the rest of this session, every session in this project (workspace folder). */
export const permissionScopes = ["once", "session", "project"] as const;

/** What a rule says. */
export const permissionActions = ["allow", "ask", "deny"] as const;

/** `tool` and `pattern` are globs; the last rule that matches wins. The pattern is matched with what the tool names: a path, a command, an origin. */
export const permissionRuleSchema = z.strictObject({
	tool: z.string().min(1).max(128),
	pattern: z.string().min(1).max(1024).default("*"),
	action: z.enum(permissionActions),
});

/** Something a person has to answer before a turn goes on. It is state: listed, part of every attach, kept over restarts. */
export const pendingPermissionSchema = z.object({
	/** UUIDv7. */
	id: z.string(),
	sessionId: z.string(),
	turnId: z.string(),
	callId: z.string(),
	kind: z.enum(["tool", "question"]),
	tool: z.string(),
	/** One line that says what would happen, or the question. */
	title: z.string(),
	/** The command, the diff, the address: what a person needs to see to decide. */
	detail: z.string().optional(),
	/** Patterns that "always" would allow. */
	patterns: z.array(z.string()),
	/** Scopes that may be chosen. */
	scopes: z.array(z.enum(permissionScopes)),
	/** Of a question: answers to choose from; free text is always possible. */
	choices: z.array(z.string()).optional(),
	requestedAt: z.iso.datetime(),
	/** When it is denied by itself. */
	expiresAt: z.iso.datetime(),
});

/** How a pending permission ended. */
export const permissionResolutionSchema = z.object({
	permissionId: z.string(),
	decision: z.enum(["allow", "deny"]),
	scope: z.enum(permissionScopes),
	/** Answer to a question. */
	answer: z.string().optional(),
	/** A client's name, or what ended it without one. */
	by: z.string(),
	cause: z.enum(["answered", "timed_out", "cancelled"]),
});

/** Body of `POST /v3/permissions`. The first answer wins; a later one gets 409 `conflict` with the resolution in `details`. */
export const permissionAnswerSchema = z.strictObject({
	permissionId: z.string().max(128),
	decision: z.enum(["allow", "deny"]),
	scope: z.enum(permissionScopes).default("once"),
	answer: z.string().max(100_000).optional(),
});

/** Answer of `GET /v3/permissions`. */
export const permissionListSchema = z.object({ permissions: z.array(pendingPermissionSchema) });

/** What a session's agent may do without asking. */
export type PermissionMode = (typeof permissionModes)[number];
/** How far an answer reaches. */
export type PermissionScope = (typeof permissionScopes)[number];
/** One rule. */
export type PermissionRule = z.infer<typeof permissionRuleSchema>;
/** Something a person has to answer. */
export type PendingPermission = z.infer<typeof pendingPermissionSchema>;
/** How a pending permission ended. */
export type PermissionResolution = z.infer<typeof permissionResolutionSchema>;
/** A person's answer. */
export type PermissionAnswer = z.input<typeof permissionAnswerSchema>;
