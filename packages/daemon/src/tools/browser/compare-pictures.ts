/** What two pictures differ in. */
export interface PictureDifference {
	readonly differing: number;
	readonly total: number;
	/** The rectangle that holds every difference, in pixels; null where there is none. */
	readonly area: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | null;
	/** A PNG that shows them. */
	readonly picture: Buffer;
}

/** Compares two PNGs of the same size by what eyes see (pixelmatch); `threshold` from 0, strict, to 1. Throws where the sizes differ. */
export async function comparePictures(before: Buffer, after: Buffer, threshold: number): Promise<PictureDifference> {
	const [{ PNG }, { default: pixelmatch }] = await Promise.all([import("pngjs"), import("pixelmatch")]);
	const a = PNG.sync.read(before);
	const b = PNG.sync.read(after);
	if (a.width !== b.width || a.height !== b.height) {
		throw new Error(`The pictures have different sizes: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
	}
	const { width, height } = a;
	const mask = new PNG({ width, height });
	const differing = pixelmatch(a.data, b.data, mask.data, width, height, { threshold, diffMask: true });
	let [left, top, right, bottom] = [width, height, -1, -1];
	for (let index = 0; index < width * height; index++) {
		if (mask.data[index * 4 + 3] !== 0) {
			const [x, y] = [index % width, Math.floor(index / width)];
			[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
		}
	}
	const area = right < 0 ? null : { left, top, right, bottom };
	const picture = new PNG({ width, height });
	pixelmatch(a.data, b.data, picture.data, width, height, { threshold });
	return { differing, total: width * height, area, picture: PNG.sync.write(picture) };
}
