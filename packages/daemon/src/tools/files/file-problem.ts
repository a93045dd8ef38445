import { ToolInputError } from "./locate.ts";

const reasons: Readonly<Record<string, string>> = {
	EACCES: "no permission.",
	EPERM: "no permission.",
	ENOENT: "there is no such file or folder.",
	ENOTDIR: "a part of the path is a file, not a folder.",
	EISDIR: "this is a folder.",
	EROFS: "the file system is read-only.",
	ENOSPC: "the disk is full. Nothing was changed; free some space and try again.",
	EDQUOT: "the disk quota is used up. Nothing was changed; free some space and try again.",
	EFBIG: "the file would be larger than the system allows. Nothing was changed.",
	ENAMETOOLONG: "the name is too long.",
	EMFILE: "too many files are open. Try again.",
	EBUSY: "the file is in use by another program.",
	ETXTBSY: "the file is a program that is running.",
	ELOOP: "too many symbolic links, or the file was replaced by one just now.",
};

/** What a model is told of a failure with files, in one line; null for failures that are not about files. */
export function fileProblem(error: unknown, shown: string): string | null {
	if (error instanceof ToolInputError) {
		return error.message;
	}
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	const reason = reasons[code];
	return reason === undefined ? null : `${shown}: ${reason}`;
}
