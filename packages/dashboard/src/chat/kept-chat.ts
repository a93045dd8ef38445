import { type ChatEntry, type Conversation, emptyConversation, withLastAnswer } from "./conversation.ts";

/** What is kept over a reload. */
export interface KeptChat {
	readonly conversation: Conversation;
	/** Text in the composer that was not sent. */
	readonly draft: string;
}

/** Where a conversation is kept: the session storage of a browser. */
export type ChatStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Keeps one chat. Browsers may refuse storage at any call, so nothing here throws. */
export interface ChatKeeper {
	/** What was kept; null when there is nothing usable. */
	read(): KeptChat | null;
	/** Keeps it; false when the browser refused. */
	write(chat: KeptChat): boolean;
}

const version = 1;

/** Keeps a chat under a key. `storage` may throw, as `window.sessionStorage` does where cookies are blocked. */
export function createChatKeeper(storage: () => ChatStorage, key: string): ChatKeeper {
	return {
		read() {
			try {
				return parseKeptChat(storage().getItem(key));
			} catch {
				return null;
			}
		},
		write(chat) {
			try {
				storage().setItem(key, serializeChat(chat));
				return true;
			} catch {
				return false;
			}
		},
	};
}

function serializeChat(chat: KeptChat): string {
	return JSON.stringify({ version, ...chat });
}

function parseKeptChat(text: string | null): KeptChat | null {
	const kept: (Partial<KeptChat> & { version?: number }) | null = text === null ? null : JSON.parse(text);
	if (kept?.version !== version || !Array.isArray(kept.conversation?.entries)) {
		return null;
	}
	const conversation = interruptRunning({ ...emptyConversation, ...kept.conversation });
	return { conversation, draft: typeof kept.draft === "string" ? kept.draft : "" };
}

/** No answer runs after a reload: its text stays, and it can be asked for again. */
function interruptRunning(conversation: Conversation): Conversation {
	const last: ChatEntry | undefined = conversation.entries.at(-1);
	return last?.role === "assistant" && last.state === "running" ? withLastAnswer(conversation, { state: "interrupted" }) : conversation;
}
