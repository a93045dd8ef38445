import type { RemoteGrant } from "@opta/contracts/reach";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Caller } from "../sessions/caller.ts";
import type { Outcome } from "../sessions/outcome.ts";
import type { RouteAccess } from "./access/judge-request.ts";

/** A request whose body and query were checked. */
export interface RouteInput<Body, Query> {
	readonly params: Readonly<Record<string, string>>;
	readonly body: Body;
	readonly query: Query;
	readonly caller: Caller;
	readonly header: (name: string) => string | null;
	/** Aborted when the client goes away. */
	readonly gone: AbortSignal;
}

/**
 * What the owner of this computer must allow, so that a route can be used from elsewhere: what reads sessions and the
 * state of the daemon is `see`; what answers or stops an agent `approve`; what gives it work or changes sessions `turns`.
 * `never` is for this computer alone: its configuration, its secrets, who may use it, its end, and files that are brought in.
 */
export type RemoteClass = RemoteGrant | "never";

interface RouteHead {
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** `:name` stands for a parameter. */
	readonly path: string;
	/** For the description of the interface. */
	readonly summary: string;
	readonly access: RouteAccess;
	readonly remote: RemoteClass;
	readonly maxBodyBytes?: number;
}

/** What a route answers, for the description and for sending. */
export type RouteAnswer =
	| { readonly kind: "json"; readonly status: number; readonly schema: z.ZodType }
	| { readonly kind: "text"; readonly type: string }
	| { readonly kind: "events"; readonly schema: z.ZodType }
	| { readonly kind: "socket" };

/** One route of the daemon: registered and described from the same entry. */
export interface Route extends RouteHead {
	readonly body?: z.ZodType;
	readonly query?: z.ZodType;
	readonly answer: RouteAnswer;
	readonly handle: (
		input: RouteInput<unknown, unknown>,
		request: FastifyRequest,
		reply: FastifyReply,
	) => Promise<Outcome<unknown> | "sent">;
}

interface JsonRoute<Body, Query, Answer> extends RouteHead {
	readonly body?: z.ZodType<Body>;
	readonly query?: z.ZodType<Query>;
	readonly answer: z.ZodType<Answer>;
	/** 200 when missing. */
	readonly status?: number;
	readonly handle: (input: RouteInput<Body, Query>) => Promise<Outcome<NoInfer<Answer>>> | Outcome<NoInfer<Answer>>;
}

/** A route that answers with JSON. */
export function jsonRoute<Body = undefined, Query = undefined, Answer = unknown>(route: JsonRoute<Body, Query, Answer>): Route {
	const { handle, answer, status = 200, ...head } = route;
	return {
		...head,
		answer: { kind: "json", status, schema: answer },
		handle: async (input) => handle(input as RouteInput<Body, Query>),
	};
}

interface TextRoute<Query> extends RouteHead {
	readonly query?: z.ZodType<Query>;
	readonly type: string;
	readonly handle: (input: RouteInput<undefined, Query>) => Promise<Outcome<string>>;
}

/** A route that answers with text. */
export function textRoute<Query = undefined>({ handle, type, ...head }: TextRoute<Query>): Route {
	return { ...head, answer: { kind: "text", type }, handle: async (input) => handle(input as RouteInput<undefined, Query>) };
}

interface RawRoute<Body, Query> extends RouteHead {
	readonly body?: z.ZodType<Body>;
	readonly query?: z.ZodType<Query>;
	readonly answer: RouteAnswer;
	/** Answers by itself where it returns `sent`. */
	readonly handle: (input: RouteInput<Body, Query>, request: FastifyRequest, reply: FastifyReply) => Promise<Outcome<unknown> | "sent">;
}

/** A route that answers by itself: a stream, a socket. */
export function rawRoute<Body = undefined, Query = undefined>({ handle, ...route }: RawRoute<Body, Query>): Route {
	return { ...route, handle: (input, request, reply) => handle(input as RouteInput<Body, Query>, request, reply) };
}
