"use client";

import { Button } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { useCallback, useEffect, useRef } from "react";
import { AnswerStatus } from "./chat/answer-status.tsx";
import { chooseModel } from "./chat/choose-model.ts";
import { Composer } from "./chat/composer.tsx";
import { MessageList } from "./chat/message-list.tsx";
import { ModelPicker } from "./chat/model-picker.tsx";
import { NoConversation } from "./chat/no-conversation.tsx";
import { SystemPrompt } from "./chat/system-prompt.tsx";
import { useChatSession } from "./chat/use-chat-session.ts";
import { DashboardNav } from "./host/dashboard-nav.tsx";
import { useDashboardPlace } from "./host/dashboard-place.tsx";
import { HostProblem } from "./host/host-problem.tsx";
import { useHostData } from "./host/use-host-data.ts";
import { NoModels } from "./overview/no-models.tsx";

const idleRefreshMs = 15_000;
const waitingRefreshMs = 2_000;

/** A conversation with one of the host's models. */
export function ChatPage() {
	const { client, host } = useDashboardPlace();
	const composer = useRef<HTMLTextAreaElement>(null);
	const { session, state } = useChatSession(composer);
	const models = useHostData([client.baseUrl, "models"], () => client.listModels(), {
		refreshMs: (latest) => {
			if (state.running) {
				return 0;
			}
			return chooseModel(latest?.data ?? [], state.conversation.model).ready ? idleRefreshMs : waitingRefreshMs;
		},
	});
	const list = models.data?.data;
	const choice = chooseModel(list ?? [], state.conversation.model);
	const model = choice.model;
	const modelId = choice.ready ? model?.id : undefined;

	useEffect(() => {
		function onKeyDown(event: KeyboardEvent): void {
			if (event.key === "Escape" && session.getState().running) {
				session.stop();
			}
		}
		window.addEventListener("keydown", onKeyDown);
		return () => window.removeEventListener("keydown", onKeyDown);
	}, [session]);

	const answerAgain = useCallback(() => {
		if (modelId !== undefined) {
			session.answerAgain(modelId);
			composer.current?.focus();
		}
	}, [session, modelId]);

	return (
		<div className="flex h-[calc(100dvh-4.0625rem)] min-h-120 flex-col">
			<DashboardNav current="chat" />
			<div className="frame flex min-h-0 flex-1 flex-col">
				<div className="flex flex-wrap items-center gap-x-6 gap-y-2 pt-4 pb-2">
					<h1 className="mr-auto text-xl font-semibold tracking-tight">Chat</h1>
					<ModelPicker models={list} chosen={model} disabled={state.running} choose={(id) => session.configure({ model: id })} />
					<Button
						variant="secondary"
						className="py-0"
						aria-disabled={state.conversation.entries.length === 0}
						onClick={() => {
							if (state.conversation.entries.length > 0) {
								session.startOver();
							}
							composer.current?.focus();
						}}
					>
						New chat
					</Button>
				</div>
				<SystemPrompt
					own={state.conversation.systemPrompt}
					modelDefault={model?.opta.defaultSystemPrompt ?? null}
					change={(systemPrompt) => session.configure({ systemPrompt })}
				/>
				{models.error === undefined ? null : (
					<div className="mt-4">
						<HostProblem error={models.error} retry={models.retry} retrying={models.asking} tone="warn">
							<p className="mt-1">What you write here stays.</p>
						</HostProblem>
					</div>
				)}
				{models.error === undefined && model !== undefined && !choice.ready ? (
					<Notice tone="warn" title={`${model.id} is starting`} className="mt-4">
						Write your question meanwhile; it can be sent as soon as the model is ready.
					</Notice>
				) : null}
				<MessageList
					session={session}
					state={state}
					answerAgain={state.running || modelId === undefined ? null : answerAgain}
					empty={
						list !== undefined && model === undefined ? (
							<NoModels />
						) : (
							<NoConversation
								model={model}
								hostName={host.name}
								kept={state.kept}
								bringBack={state.putAway === null || state.putAway.entries.length === 0 ? null : session.bringBack}
							/>
						)
					}
				/>
				<AnswerStatus state={state} />
				<Composer
					field={composer}
					running={state.running}
					blocked={
						modelId === undefined && !state.running
							? blockedReason(list !== undefined, models.error !== undefined, model !== undefined)
							: null
					}
					ask={(text) => modelId !== undefined && session.ask(text, modelId)}
					stop={session.stop}
				/>
			</div>
		</div>
	);
}

function blockedReason(asked: boolean, failed: boolean, starting: boolean): string {
	if (starting) {
		return "The model is starting. What you write stays here until it can be sent.";
	}
	if (asked) {
		return "No model is loaded, so nothing can be sent yet. What you write stays here.";
	}
	return failed ? "The host has not told its models. What you write stays here until it does." : "Asking the host for its models.";
}
