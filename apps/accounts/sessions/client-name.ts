const browsers = [
	["Edge", /\bEdgA?\//],
	["Opera", /\bOPR\//],
	["Firefox", /\b(?:Firefox|FxiOS)\//],
	["Chrome", /\b(?:Chrome|CriOS)\//],
	["Safari", /\bSafari\//],
] as const;

const systems = [
	["iPhone", /\biPhone\b/],
	["iPad", /\biPad\b/],
	["Android", /\bAndroid\b/],
	["Windows", /\bWindows NT\b/],
	["macOS", /\bMac OS X\b/],
	["Linux", /\bLinux\b/],
] as const;

/** A browser in words, as `Firefox on Linux`; enough to know one's own devices by, and no fingerprint. Null when nothing is known. */
export function clientName(userAgent: string | null): string | null {
	if (userAgent === null || userAgent === "") {
		return null;
	}
	const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0];
	const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0];
	if (browser === undefined) {
		return system === undefined ? "Another program" : `A program on ${system}`;
	}
	return system === undefined ? browser : `${browser} on ${system}`;
}
