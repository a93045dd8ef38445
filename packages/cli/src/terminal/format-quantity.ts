const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.5 GiB`. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < byteUnits.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${byteUnits[unit]}`;
}

/** `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(durationMs: number): string {
	if (durationMs < 1000) {
		return `${Math.round(durationMs)} ms`;
	}
	const seconds = Math.round(durationMs / 1000);
	if (seconds < 60) {
		return `${seconds} s`;
	}
	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
	}
	return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** How long ago, in one unit: `now`, `5 min ago`, `3 h ago`, `12 d ago`. */
export function formatAge(isoTime: string, nowMs: number): string {
	const minutes = Math.floor((nowMs - Date.parse(isoTime)) / 60_000);
	if (minutes < 1) {
		return "now";
	}
	if (minutes < 60) {
		return `${minutes} min ago`;
	}
	return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 60 / 24)} d ago`;
}
