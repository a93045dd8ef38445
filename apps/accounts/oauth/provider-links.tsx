import { ButtonLink } from "@opta/ui/button.tsx";
import { accountsContext } from "../env.ts";
import { offeredProviders } from "./back-end-settings.ts";
import { startAddress } from "./flow-address.ts";
import { providerTitles } from "./providers.ts";

/** A button for each provider that the back end says is on; nothing where there is none. */
export async function ProviderLinks({ target }: { readonly target: string }) {
	const { configuration, backEndSettings } = accountsContext();
	const providers = offeredProviders(await backEndSettings());
	if (providers.length === 0) {
		return null;
	}
	return (
		<ul className="space-y-3 border-t border-line pt-6">
			{providers.map((provider) => (
				<li key={provider}>
					<ButtonLink variant="secondary" className="w-full" href={startAddress(configuration.addressing, provider, target)}>
						Go on with {providerTitles[provider]}
					</ButtonLink>
				</li>
			))}
		</ul>
	);
}
