import { buttonClassName } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { VaultFailure } from "./worker-protocol.ts";

const titles: Partial<Record<VaultFailure["reason"], string>> = {
	cannot_open: "This does not open the vault",
	mistyped_recovery_key: "The recovery key has a typing mistake",
	weak_passphrase_cost: "This server cannot be trusted",
	manifest_mismatch: "The server's vault is not complete",
	rolled_back: "The server shows an older vault",
	other_vault: "This is another vault",
	signed_out: "You are signed out",
	second_factor: "This needs your second factor",
	unavailable: "Accounts cannot be reached",
	conflict: "Somebody else was faster",
};

/** What went wrong, and what to do. */
export function FailureNotice({ failure }: { readonly failure: VaultFailure | null }) {
	if (failure === null) {
		return null;
	}
	return (
		<Notice tone="bad" title={titles[failure.reason] ?? "That did not work"}>
			<p>{failure.message}</p>
			{failure.reason === "second_factor" ? (
				<a
					href={`/security/prove?redirect_to=${encodeURIComponent(`${location.origin}/vault`)}`}
					className={buttonClassName("secondary", "mt-4")}
				>
					Prove it
				</a>
			) : null}
			{failure.reason === "signed_out" ? (
				<a href="/vault" className={buttonClassName("secondary", "mt-4")}>
					Sign in
				</a>
			) : null}
		</Notice>
	);
}
