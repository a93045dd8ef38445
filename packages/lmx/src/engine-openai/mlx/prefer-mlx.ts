import type { InstalledModel } from "../../library/installed-model.ts";

/** What a name says about a model's build. */
export interface BuildName {
	/** The model itself, without maker, format and quantisation. */
	readonly stem: string;
	/** Bits of a weight; null where the name does not say. */
	readonly bits: number | null;
}

const bitsPattern = /^(?:i?q(\d)(?:_.*)?|(\d{1,2})bits?|(?:b?f|fp)(16|32))$/;
const noise: ReadonlySet<string> = new Set(["gguf", "mlx", "dwq", "ud", "imat"]);

/** Reads names such as `mlx-community/Qwen3-8B-4bit` and `Qwen3-8B-Q4_K_M`. */
export function readBuildName(id: string): BuildName {
	const name = id.toLowerCase().split("/").at(-1) ?? "";
	let bits: number | null = null;
	const stem = name.split(/[-.](?!\d)|-(?=\d)/).filter((part) => {
		const found = bitsPattern.exec(part);
		bits = found === null ? bits : Number(found[1] ?? found[2] ?? found[3]);
		return found === null && !noise.has(part);
	});
	return { stem: stem.join("-"), bits };
}

/** The MLX build of a GGUF model: the same model with the same number of bits; undefined where none is installed. */
export function mlxBuildOf(model: InstalledModel, installed: readonly InstalledModel[]): InstalledModel | undefined {
	if (model.format !== "gguf") {
		return undefined;
	}
	const wanted = readBuildName(model.id);
	const bits = wanted.bits ?? readBuildName(model.quantisation ?? "").bits;
	return installed.find((other) => {
		const build = readBuildName(other.id);
		return other.format === "mlx" && build.stem === wanted.stem && build.bits !== null && build.bits === bits;
	});
}
