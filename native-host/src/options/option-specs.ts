import { defaultPorts } from "@opta/contracts/ports";

/** The roles that native-host can run. */
export const roleNames = ["lmx", "daemon", "tunnel"] as const;

/** Those that it runs when nothing is said. A daemon belongs to a person: where one is wanted beside the host it is named. */
export const usualRoleNames = ["lmx", "tunnel"] as const satisfies readonly RoleName[];

/** A role of native-host. */
export type RoleName = (typeof roleNames)[number];

/** One setting of native-host. */
export interface OptionSpec {
	readonly flag: string;
	/** What stands for the value in `--help`. */
	readonly value: string;
	readonly variable: string;
	readonly description: string;
	/** The roles that heed it; a flag for a role that does not run is refused. */
	readonly roles: readonly RoleName[];
}

/** Every setting of native-host, in the order of `--help`. Order of precedence: flag, variable, default. */
export const optionSpecs = [
	{
		flag: "roles",
		value: "names",
		variable: "OPTA_ROLES",
		description: `what to run, with commas between: ${roleNames.join(", ")} (default: ${usualRoleNames.join(",")})`,
		roles: roleNames,
	},
	{ flag: "port", value: "number", variable: "OPTA_PORT", description: "port of the role, when it is only one", roles: roleNames },
	{
		flag: "lmx-port",
		value: "number",
		variable: "OPTA_LMX_PORT",
		description: `port of the inference server; the tunnel door forwards there (default: ${defaultPorts.lmx})`,
		roles: roleNames,
	},
	{
		flag: "daemon-port",
		value: "number",
		variable: "OPTA_DAEMON_PORT",
		description: `port of the daemon (default: ${defaultPorts.daemon})`,
		roles: ["daemon"],
	},
	{
		flag: "door-port",
		value: "number",
		variable: "OPTA_DOOR_PORT",
		description: `port of the tunnel door (default: ${defaultPorts.door})`,
		roles: ["tunnel"],
	},
	{
		flag: "model",
		value: "name or file",
		variable: "OPTA_MODEL",
		description: "model to load: a name of the catalogue or a GGUF file (default: the catalogue's)",
		roles: ["lmx"],
	},
	{
		flag: "model-dir",
		value: "folder",
		variable: "OPTA_MODEL_DIR",
		description: "where models are (default: as the configuration of LMX says)",
		roles: ["lmx"],
	},
	{
		flag: "web-dir",
		value: "folder",
		variable: "OPTA_WEB_DIR",
		description: "pages that the inference server shows at / (default: the built dashboard, when it is there)",
		roles: ["lmx"],
	},
	{
		flag: "allowed-hosts",
		value: "names",
		variable: "OPTA_DOOR_ALLOWED_HOSTS",
		description: "public names of the tunnel that the door answers to, with commas between (default: loopback only)",
		roles: ["tunnel"],
	},
	{
		flag: "state-dir",
		value: "folder",
		variable: "OPTA_HOME",
		description: "state and logs; nothing is written outside of it (default: ~/.config/opta)",
		roles: roleNames,
	},
] as const satisfies readonly OptionSpec[];

/** Name of a flag, without its dashes. */
export type FlagName = (typeof optionSpecs)[number]["flag"];
