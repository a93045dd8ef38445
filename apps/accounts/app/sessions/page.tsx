import { requireUser } from "@opta/auth/require-user";
import { Card } from "@opta/ui/card.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AccountFrame, AccountUnread } from "../../account/account-frame.tsx";
import { accountsContext } from "../../env.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";
import { type BrowserSession, type Inventory, readInventory, type SignedInDevice } from "../../sessions/inventory.ts";
import { When } from "../../sessions/when.tsx";

interface SessionsPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Sessions and devices";

const endings: Readonly<Record<string, string>> = {
	session: "That session is over",
	device: "That device is signed out",
	others: "Everything but this browser is signed out",
};

const ways: Readonly<Record<string, string>> = {
	password: "password",
	link: "mail link",
	passkey: "passkey",
	google: "Google",
	apple: "Apple",
	github: "GitHub",
};

export function generateMetadata({ searchParams }: SessionsPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function RevokeButton({ what, id, label }: { readonly what: string; readonly id?: string; readonly label: string }) {
	return (
		<form method="post" action="/api/sessions/revoke">
			<input type="hidden" name="what" value={what} />
			{id === undefined ? null : <input type="hidden" name="id" value={id} />}
			<SubmitButton label={label} pendingLabel="Ending …" variant="secondary" />
		</form>
	);
}

function Entry({
	heading,
	mark,
	facts,
	action,
}: {
	readonly heading: string;
	readonly mark?: ReactNode;
	readonly facts: ReactNode;
	readonly action: ReactNode;
}) {
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0">
			<div className="min-w-0">
				<p className="flex flex-wrap items-baseline gap-x-3 font-medium break-words">
					{heading}
					{mark}
				</p>
				<p className="mt-1 text-sm text-muted">{facts}</p>
			</div>
			{action}
		</li>
	);
}

function SessionEntry({ session }: { readonly session: BrowserSession }) {
	const { id, client, place, way, openedAt, lastSeenAt, isCurrent } = session;
	const facts = (
		<>
			{place === null ? "" : `${place} · `}opened <When at={openedAt} /> by {ways[way] ?? way} · last seen <When at={lastSeenAt} />
		</>
	);
	return (
		<Entry
			heading={client ?? "Browser"}
			mark={isCurrent ? <StateMark state="ok" label="this browser" /> : undefined}
			facts={facts}
			action={isCurrent ? null : <RevokeButton what="session" id={id} label="End" />}
		/>
	);
}

function DeviceEntry({ device }: { readonly device: SignedInDevice }) {
	const { id, name, kind, client, place, addedAt, lastSeenAt, expiresAt } = device;
	const facts = (
		<>
			{[kind, client, place].filter((fact) => fact !== null).join(" · ")} · added <When at={addedAt} /> · last seen <When at={lastSeenAt} />{" "}
			· asks again after <When at={expiresAt} />
		</>
	);
	return <Entry heading={name} facts={facts} action={<RevokeButton what="device" id={id} label="Revoke" />} />;
}

function Lists({ inventory: { sessions, devices } }: { readonly inventory: Inventory }) {
	return (
		<>
			<Card title="Browsers">
				<ul className="divide-y divide-line">
					{sessions.map((session) => (
						<SessionEntry key={session.id} session={session} />
					))}
				</ul>
			</Card>
			<Card title="Terminals, daemons, apps and hosts">
				{devices.length === 0 ? (
					<EmptyState title="No device is signed in">
						<p>
							Sign a terminal in with <code>opta account login</code>, or{" "}
							<a className="link" href="/device">
								type the code of a device
							</a>
							.
						</p>
					</EmptyState>
				) : (
					<ul className="divide-y divide-line">
						{devices.map((device) => (
							<DeviceEntry key={device.id} device={device} />
						))}
					</ul>
				)}
			</Card>
			<Card title="All at once">
				<div className="flex flex-wrap gap-3">
					<RevokeButton what="others" label="End all but this browser" />
					<RevokeButton what="everything" label="End everything" />
				</div>
				<p className="mt-4 text-sm text-muted">
					A device is out within seconds. Another browser can read what it has open until its page asks again, an hour at the most.
				</p>
			</Card>
		</>
	);
}

export default async function SessionsPage({ searchParams }: SessionsPageProps) {
	const session = await requireUser();
	const { configuration } = accountsContext();
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const inventory = await readInventory(configuration, session);
	return (
		<AccountFrame
			current="/sessions"
			title={title}
			lead="Everything that can act as you now."
			message={message}
			done={typeof all.ended === "string" ? (endings[all.ended] ?? null) : null}
		>
			{inventory.state === "ok" ? <Lists inventory={inventory.value} /> : <AccountUnread state={inventory.state} path="/sessions" />}
		</AccountFrame>
	);
}
