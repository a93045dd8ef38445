import { requireUser } from "@opta/auth/require-user";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { AccountFrame } from "../../account/account-frame.tsx";
import { VaultApp } from "../../vault-page/vault-app.tsx";

export const metadata: Metadata = { title: "Vault" };

export default async function VaultPage() {
	const { user } = await requireUser();
	return (
		<AccountFrame
			current="/vault"
			title="Vault"
			lead="Keys, passwords and notes that only you and the devices you let in can read."
			message={null}
		>
			<noscript>
				<Notice tone="warn" title="The vault needs JavaScript">
					<p>It is sealed and opened in your browser, so it cannot work without.</p>
				</Notice>
			</noscript>
			<VaultApp userId={user.id} />
		</AccountFrame>
	);
}
