import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";

/** What holds where nobody says otherwise; rules of the configuration come after and win. */
export const defaultRules: readonly PermissionRule[] = [
	// Secrets: an answer of the model would carry them on.
	{ tool: "*", pattern: ".env", action: "ask" },
	{ tool: "*", pattern: ".env.*", action: "ask" },
	{ tool: "*", pattern: "*.env.example", action: "allow" },
	{ tool: "*", pattern: ".env.{example,sample,template}", action: "allow" },
	{ tool: "*", pattern: "**/.ssh/**", action: "ask" },
	{ tool: "*", pattern: "*.pem", action: "ask" },
	{ tool: "*", pattern: "id_{rsa,ed25519,ecdsa}", action: "ask" },
];
