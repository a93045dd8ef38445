import { shutdownSchema, type VaultPullResult, vaultPullResultSchema, vaultPullSchema } from "@opta/contracts/schema/daemon-status";
import { z } from "zod";
import { done, type Outcome } from "../../sessions/outcome.ts";
import { jsonRoute, type Route } from "../route.ts";

/** Things that the daemon does for its user. */
export interface OperationParts {
	readonly pullVault: (body: z.output<typeof vaultPullSchema>) => Promise<Outcome<VaultPullResult>>;
	/** Begins to stop; returns at once. */
	readonly shutDown: (drainMs: number) => void;
}

/** Pull of the vault, and the end. */
export function operationRoutes({ pullVault, shutDown }: OperationParts): readonly Route[] {
	return [
		jsonRoute({
			access: "owner",
			remote: "never",
			method: "POST",
			path: "/v3/vault/pull",
			summary: "Bring the vault's keys to this computer's keychain",
			body: vaultPullSchema,
			answer: vaultPullResultSchema,
			handle: ({ body }) => pullVault(body),
		}),
		jsonRoute({
			access: "owner",
			remote: "never",
			method: "POST",
			path: "/v3/shutdown",
			summary: "Take no turns any more, let running ones end, then stop",
			status: 202,
			body: shutdownSchema.optional(),
			answer: z.null(),
			handle: ({ body }) => {
				shutDown(body?.drainMs ?? 0);
				return done(null);
			},
		}),
	];
}
