/** The layers between a person and a model, from the outside in; `computer` is the one that `opta` runs on. */
export const doctorLayers = [
	"computer",
	"session",
	"membership",
	"site",
	"tunnel",
	"door",
	"lmx",
	"daemon",
	"peers",
	"clock",
	"versions",
	"address",
] as const;

/** A layer that the doctor tests. */
export type DoctorLayer = (typeof doctorLayers)[number];

/** Findings from the outside in; those of one layer stay in their order. */
export function inLayerOrder<T extends { readonly layer: DoctorLayer }>(checks: readonly T[]): T[] {
	return [...checks].sort((a, b) => doctorLayers.indexOf(a.layer) - doctorLayers.indexOf(b.layer));
}
