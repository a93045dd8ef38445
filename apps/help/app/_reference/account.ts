import type { Topic } from "./topic.ts";

/** Signing in, devices, second factors, and what people can do with their account. */
export const account: Topic = {
	slug: "account",
	title: "Your account",
	summary: "Signing in, devices, hosts and members, second factors, the log, leaving",
	sections: [
		{
			id: "sign-in",
			title: "Signing in",
			blocks: [
				{
					kind: "text",
					text: "With a password, or with a link that is sent to your address: it works once, for ten minutes, and in any browser. One sign-in holds for all sites of this browser. A right password is never slowed down; wrong ones are.",
				},
				{
					kind: "table",
					caption: "How often something can be tried",
					columns: ["What", "Limit"],
					rows: [
						["Wrong passwords of one account", "5 a minute, 30 an hour"],
						["Mails with a sign-in link", "1 a minute, 5 an hour for one address"],
						["Mails for a new password", "3 a day for one address"],
						["Codes of a second factor", "5 in five minutes, 20 an hour"],
						["Codes of a device or host", "5 in ten minutes"],
						["Invitations to a host that you make", "20 an hour, 60 a day, 20 open for one host"],
						["Links of invitations that you open", "20 in ten minutes"],
					],
				},
				{ kind: "text", text: "Nothing is locked for good: what is refused is not counted, and the answer says how long to wait." },
			],
		},
		{
			id: "devices",
			title: "Terminals and devices",
			blocks: [
				{
					kind: "text",
					text: "A terminal opens a page of accounts and shows a code; the page shows the same one. If they differ, somebody else sent you the link: refuse. A machine without a browser shows eight letters, which you type at `/device`.",
				},
				{
					kind: "text",
					text: "What a device gets is bound to a key that never leaves it. It changes at every use; a copy that comes back ends the device. It must be approved again after 180 days, or after 60 days without use. Under “sessions” you see every browser and device, and end one, all others, or everything.",
				},
			],
		},
		{
			id: "hosts",
			title: "Hosts and members",
			blocks: [
				{
					kind: "text",
					text: "Under “hosts” stand the computers whose models you may use, with your role, their version, and when they were last there. To add one of your own, run `opta host claim` on it, or `npm run host -- claim`, and type the code that it shows.",
				},
				{
					kind: "table",
					caption: "Roles on a host",
					columns: ["Role", "May"],
					rows: [
						["viewer", "see models and load"],
						["user", "chat with its models as well"],
						["operator", "load and unload models as well"],
						["owner", "do everything, and decide who is a member"],
					],
				},
				{
					kind: "text",
					text: "The owner invites with a role: by a link, which is shown once and good for one person, or to an e-mail address, where the invitation waits under “hosts”. Both are good for seven days, and can be withdrawn. Opening a link needs JavaScript; an invitation to an address does not. Whoever is a member already keeps their role.",
				},
				{
					kind: "text",
					text: "The owner changes roles, removes members, and hands the host over to one of them. Everybody else can leave. Revoking a host takes it from everybody within a minute, the owner too; its models and files stay on it, and it must be claimed anew. Each change is in the log of the people whom it is about.",
				},
			],
		},
		{
			id: "claim-host",
			title: "Claiming a host",
			blocks: [
				{
					kind: "text",
					text: "`opta host claim` on the computer that runs the models shows eight letters, a QR code and a fingerprint. Type the letters at `/hosts/claim`, or follow the QR code, and compare: the page shows the same fingerprint, or somebody else sent you the code. Whoever approves becomes the owner.",
				},
				{
					kind: "text",
					text: "A host has one owner. Who comes second is told so; the owner adds others, hands the host over, or revokes it, and a revoked host can be claimed anew. The first person to sign up on a platform of one machine owns that machine without claiming it.",
				},
			],
		},
		{
			id: "second-factor",
			title: "Second factors",
			blocks: [
				{
					kind: "text",
					text: "An authenticator app or a passkey. Once you have one, it is asked for before anything that changes who can open the account: the password, the factors themselves, a new device, the deletion. For ten minutes afterwards you are not asked again. With an app come ten recovery codes, each good once.",
				},
			],
		},
		{
			id: "log",
			title: "The security log",
			blocks: [
				{
					kind: "text",
					text: "Sign-ins, devices, passwords and factors, each line chained to the one before by a hash: a line that is changed or missing shows. Under “data” you download everything that is held about you as one archive.",
				},
			],
		},
		{
			id: "leaving",
			title: "Deleting the account",
			blocks: [
				{
					kind: "text",
					text: "Everything else is signed out at once. Fourteen days later the account is deleted for good, with its profile, log and vault; until then you can sign in and keep it. Hosts that you still own are revoked then: hand them over first if others are to go on using them. Models stay on them.",
				},
			],
		},
	],
};
