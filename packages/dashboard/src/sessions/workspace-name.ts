/** The last part of a workspace's path, which people know it by; separators of Windows too. */
export function workspaceName(workspace: string): string {
	return workspace.split(/[/\\]/).filter(Boolean).at(-1) ?? workspace;
}
