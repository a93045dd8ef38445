/** Text that grows, of which the beginning and the end are kept. Positions count characters from the very beginning. */
export class OutputLog {
	private head = "";
	private tail = "";
	private total = 0;
	private readonly headLimit: number;
	private readonly tailLimit: number;

	constructor(headLimit: number, tailLimit: number) {
		this.headLimit = headLimit;
		this.tailLimit = tailLimit;
	}

	/** Characters that were added, dropped ones included. */
	get length(): number {
		return this.total;
	}

	add(text: string): void {
		this.total += text.length;
		const room = Math.max(0, this.headLimit - this.head.length);
		this.head += text.slice(0, room);
		this.tail += text.slice(room);
		// Cut rarely: cutting copies.
		if (this.tail.length > this.tailLimit * 2) {
			this.tail = this.tail.slice(-this.tailLimit);
		}
	}

	/** What is kept from a position on, at most so many characters; `from` is where it really begins, `next` where it ends. */
	read(offset: number, limit: number): { readonly text: string; readonly from: number; readonly next: number } {
		const tailStart = this.total - this.tail.length;
		if (offset < this.head.length) {
			const together = tailStart === this.head.length ? this.head + this.tail : this.head;
			const text = together.slice(offset, offset + limit);
			return { text, from: offset, next: offset + text.length };
		}
		const from = Math.min(this.total, Math.max(offset, tailStart));
		const text = this.tail.slice(from - tailStart, from - tailStart + limit);
		return { text, from, next: from + text.length };
	}

	/** The beginning and the end in at most about so many bytes, with a line that says how much is missing between, and how to get it. */
	excerpt(maxBytes: number, advice: string): { readonly text: string; readonly truncated: boolean } {
		const whole = this.total === this.head.length + this.tail.length ? this.head + this.tail : null;
		if (whole !== null && Buffer.byteLength(whole) <= maxBytes) {
			return { text: whole, truncated: false };
		}
		const half = Math.floor(maxBytes / 2);
		const first = Buffer.from((whole ?? this.head).slice(0, half))
			.subarray(0, half)
			.toString()
			.replace(/\uFFFD$/, "");
		const last = Buffer.from((whole ?? this.tail).slice(-half))
			.subarray(-half)
			.toString()
			.replace(/^\uFFFD+/, "");
		const missing = Math.max(0, this.total - first.length - last.length);
		const note = `[${missing} characters are left out here.${advice === "" ? "" : ` ${advice}`}]`;
		return { text: `${first}\n${note}\n${last}`, truncated: true };
	}
}
