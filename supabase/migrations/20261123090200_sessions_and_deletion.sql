-- The back end's own columns for client and address hold the portal's, or nothing: every session is opened by accounts.
create table private.session_notes (
	session_id uuid primary key references auth.sessions (id) on delete cascade,
	place text check (char_length(place) <= 64),
	client text check (char_length(client) <= 200),
	way text not null check (way in ('password', 'link', 'google', 'apple', 'github', 'passkey')),
	last_seen_at timestamptz not null default now()
);

create function private.current_session_id() returns uuid
	language sql stable set search_path = ''
	as $$ select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id', '')::uuid $$;

-- Called by accounts when it has opened a session for the person, and when it refreshes one (way is then null).
create function public.note_session(portal_key text, place text, client text, way text default null) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.current_session_id();
begin
	perform private.require_portal(portal_key);
	if not exists (select from auth.sessions as session where session.id = this_session and session.user_id = auth.uid()) then
		return;
	end if;
	if note_session.way is null then
		update private.session_notes as note
			set last_seen_at = now(), place = coalesce(note_session.place, note.place), client = coalesce(note_session.client, note.client)
			where note.session_id = this_session;
		return;
	end if;
	insert into private.session_notes (session_id, place, client, way)
		values (this_session, note_session.place, note_session.client, note_session.way)
		on conflict (session_id) do nothing;
	perform private.log_security_event(auth.uid(), 'session.opened',
		jsonb_strip_nulls(jsonb_build_object('way', note_session.way, 'place', note_session.place, 'client', note_session.client)));
end
$$;

-- Sessions that accounts opened; the back end makes further ones while a mail link is checked, which nobody ever uses.
create function public.list_sessions() returns table (id uuid, created_at timestamptz, last_seen_at timestamptz, place text, client text, way text, is_current boolean)
	language sql stable security definer set search_path = ''
	as $$
	select session.id, session.created_at, note.last_seen_at, note.place, note.client, note.way, session.id = private.current_session_id()
	from auth.sessions as session
	join private.session_notes as note on note.session_id = session.id
	where session.user_id = auth.uid()
	order by note.last_seen_at desc
$$;

-- Ends one session, or with null all but this one; how many were ended.
create function public.revoke_sessions(of_session uuid default null) returns integer
	language plpgsql security definer set search_path = ''
	as $$
declare
	ended integer;
begin
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	with gone as (
		delete from auth.sessions as session
		where session.user_id = auth.uid()
			and case when of_session is null then session.id is distinct from private.current_session_id() else session.id = of_session end
		returning session.id
	)
	select count(*) into ended from gone;
	if ended > 0 then
		perform private.log_security_event(auth.uid(), 'session.revoked', jsonb_build_object('count', ended, 'which', case when of_session is null then 'others' else 'one' end));
	end if;
	return ended;
end
$$;

-- An account that its person wants gone: signed out everywhere at once, deleted when the time of grace is over.
create table public.account_deletions (
	user_id uuid primary key references auth.users (id) on delete cascade,
	requested_at timestamptz not null default now(),
	due_at timestamptz not null
);

create function public.request_account_deletion(portal_key text) returns timestamptz
	language plpgsql security definer set search_path = ''
	as $$
declare
	due timestamptz;
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	insert into public.account_deletions (user_id, due_at) values (auth.uid(), now() + interval '14 days')
		on conflict (user_id) do nothing;
	select deletion.due_at into due from public.account_deletions as deletion where deletion.user_id = auth.uid();
	perform public.revoke_devices(null);
	perform public.revoke_sessions(null);
	perform private.log_security_event(auth.uid(), 'account.deletion_requested', jsonb_build_object('due', due));
	return due;
end
$$;

create function public.cancel_account_deletion(portal_key text) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	delete from public.account_deletions as deletion where deletion.user_id = auth.uid();
	if found then
		perform private.log_security_event(auth.uid(), 'account.deletion_cancelled', '{}');
	end if;
	return found;
end
$$;

-- Called by accounts now and then; everything of a person hangs on their row and goes with it.
create function public.delete_due_accounts(portal_key text) returns integer
	language plpgsql security definer set search_path = ''
	as $$
declare
	gone integer;
begin
	perform private.require_portal(portal_key);
	with due as (
		delete from auth.users as person
		using public.account_deletions as deletion
		where deletion.user_id = person.id and deletion.due_at <= now()
		returning person.id
	)
	select count(*) into gone from due;
	return gone;
end
$$;

-- A right attempt is given back: only wrong ones count.
create function public.return_attempt(portal_key text, attempt_keys text[]) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	delete from private.attempts as attempt
		using (select given as attempt_key, max(latest.at) as at from unnest(attempt_keys) as given
			join private.attempts as latest on latest.attempt_key = given group by given) as newest
		where attempt.attempt_key = newest.attempt_key and attempt.at = newest.at;
end
$$;

alter table public.account_deletions enable row level security;
revoke all on public.account_deletions from anon, authenticated;
grant select on public.account_deletions to authenticated;
grant all on public.account_deletions to service_role;

create policy "people see when their account goes" on public.account_deletions
	for select to authenticated
	using (user_id = (select auth.uid()));

revoke execute on function private.current_session_id() from public, anon, authenticated;
revoke execute on function
	public.note_session(text, text, text, text), public.list_sessions(), public.revoke_sessions(uuid), public.request_account_deletion(text),
	public.cancel_account_deletion(text), public.delete_due_accounts(text), public.return_attempt(text, text[])
	from public, anon, authenticated;
grant execute on function
	public.note_session(text, text, text, text), public.list_sessions(), public.revoke_sessions(uuid),
	public.request_account_deletion(text), public.cancel_account_deletion(text)
	to authenticated;
grant execute on function public.delete_due_accounts(text), public.return_attempt(text, text[]) to anon;
