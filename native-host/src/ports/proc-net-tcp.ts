const listenState = "0A";

/** Inodes of the sockets that listen on a port, from the text of `/proc/net/tcp` or `/proc/net/tcp6` (proc_net_tcp(5)). */
export function listeningInodes(table: string, port: number): readonly string[] {
	return table
		.split("\n")
		.slice(1)
		.map((line) => line.trim().split(/\s+/))
		.filter((columns) => columns[3] === listenState && Number.parseInt(columns[1]?.split(":")[1] ?? "", 16) === port)
		.map((columns) => columns[9])
		.filter((inode) => inode !== undefined);
}
