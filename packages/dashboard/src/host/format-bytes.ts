const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A size in the binary unit that fits (IEC 80000-13): `293 MiB`, `15.6 GiB`. */
export function formatBytes(bytes: number): string {
	const exponent = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
	const value = bytes / 1024 ** exponent;
	const digits = exponent === 0 || value >= 100 ? 0 : 1;
	return `${value.toFixed(digits)} ${units[exponent]}`;
}
