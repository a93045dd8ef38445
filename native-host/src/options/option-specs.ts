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
		flag: "tunnel",
		value: "off|quick|named",
		variable: "OPTA_DOOR_TUNNEL",
		description: "opens the door to the internet with cloudflared: quick needs no account, named needs its token (default: off)",
		roles: ["tunnel"],
	},
	{
		flag: "tunnel-url",
		value: "address",
		variable: "OPTA_DOOR_TUNNEL_URL",
		description: "public address of the named tunnel, as https://mono512.example.com",
		roles: ["tunnel"],
	},
	{
		flag: "access-audience",
		value: "tag",
		variable: "OPTA_DOOR_ACCESS_AUDIENCE",
		description: "audience tag of the Cloudflare Access application before the tunnel; its token is checked besides the pass",
		roles: ["tunnel"],
	},
	{
		flag: "access-team",
		value: "name",
		variable: "OPTA_DOOR_ACCESS_TEAM",
		description: "team of that application, as in <name>.cloudflareaccess.com",
		roles: ["tunnel"],
	},
	{
		flag: "bind",
		value: "loopback|lan",
		variable: "OPTA_BIND",
		description: "lan: the inference server and a place where own devices join are open to the own network (default: loopback)",
		roles: ["lmx", "tunnel"],
	},
	{
		flag: "link-port",
		value: "number",
		variable: "OPTA_DOOR_LINK_PORT",
		description: `with --bind lan: where devices of the own network join (default: ${defaultPorts.link})`,
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
