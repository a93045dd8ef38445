/** A part of a split GGUF model, as its name says. */
export interface SplitPart {
	/** The name without part numbers and ending. */
	readonly stem: string;
	/** From 1. */
	readonly part: number;
	readonly count: number;
}

/** Reads the name that llama.cpp's gguf-split gives to a part (`llama_split_path` in llama.h); null for any other. */
export function splitPartOf(name: string): SplitPart | null {
	const match = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/i.exec(name);
	if (match === null) {
		return null;
	}
	const [, stem = "", part = "", count = ""] = match;
	const parsed = { stem, part: Number(part), count: Number(count) };
	return parsed.part >= 1 && parsed.part <= parsed.count ? parsed : null;
}

/** The name of one part. */
export function splitPartName(stem: string, part: number, count: number): string {
	return `${stem}-${String(part).padStart(5, "0")}-of-${String(count).padStart(5, "0")}.gguf`;
}
