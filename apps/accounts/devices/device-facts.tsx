interface DeviceFactsProps {
	/** What the code is called there: "code" or "fingerprint". */
	readonly codeName: string;
	/** Shown on the device or host too. */
	readonly code: string;
	readonly codeHint: string;
	readonly facts: readonly (readonly [label: string, value: string])[];
}

/** What a person compares and reads before they approve a device or claim a host. */
export function DeviceFacts({ codeName, code, codeHint, facts }: DeviceFactsProps) {
	return (
		<div className="space-y-5">
			<div>
				<p className="text-sm font-medium">Compare this {codeName}</p>
				<p className="mt-2 font-mono text-2xl tracking-widest">{code}</p>
				<p className="mt-2 text-sm text-muted">{codeHint}</p>
			</div>
			<dl className="divide-y divide-line border-y border-line text-sm">
				{facts.map(([label, value]) => (
					<div key={label} className="flex flex-wrap gap-x-6 gap-y-1 py-2.5">
						<dt className="w-32 shrink-0 text-muted">{label}</dt>
						<dd className="min-w-0 flex-1 break-words">{value}</dd>
					</div>
				))}
			</dl>
		</div>
	);
}
