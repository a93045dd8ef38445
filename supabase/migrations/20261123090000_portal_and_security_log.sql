-- What accounts does for people who are not signed in yet (limits, sign-in of devices) needs more than the publishable
-- key and much less than the secret key: functions that ask for the portal's own key. Only its SHA-256 is kept here.
create table private.portal_keys (
	key_hash text primary key check (key_hash ~ '^[0-9a-f]{64}$'),
	created_at timestamptz not null default now()
);

create function private.sha256_hex(of_text text) returns text
	language sql immutable set search_path = ''
	as $$ select encode(sha256(convert_to(of_text, 'UTF8')), 'hex') $$;

-- For operators: replaces the key. A hosted project gets it with: select private.set_portal_key('<sha-256 of OPTA_PORTAL_KEY, hex>');
create function private.set_portal_key(new_hash text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	delete from private.portal_keys where key_hash <> new_hash;
	insert into private.portal_keys (key_hash) values (new_hash) on conflict do nothing;
end
$$;

create function private.require_portal(portal_key text) returns void
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	if not exists (select from private.portal_keys as known where known.key_hash = private.sha256_hex(portal_key)) then
		raise exception 'Only accounts may call this.' using errcode = '42501';
	end if;
end
$$;

revoke execute on function private.sha256_hex(text), private.set_portal_key(text), private.require_portal(text) from public, anon, authenticated;

-- Attempts by key, for sliding windows. The portal sends keyed hashes: no address and no e-mail stands here.
create table private.attempts (
	attempt_key text not null check (char_length(attempt_key) between 8 and 128),
	at timestamptz not null default clock_timestamp()
);

create index attempts_by_key on private.attempts (attempt_key, at);
create index attempts_by_time on private.attempts (at);

-- Counts one attempt against several windows at once: 0 when every window has room (the attempt is then recorded),
-- else the seconds until the fullest has. Nothing is recorded for a refused attempt, so nobody can be locked out for good.
create function public.take_attempt(portal_key text, attempt_keys text[], most integer[], window_seconds integer[]) returns integer
	language plpgsql security definer set search_path = ''
	as $$
declare
	wait_seconds integer := 0;
	instant timestamptz := clock_timestamp();
	blocking timestamptz;
begin
	perform private.require_portal(portal_key);
	if cardinality(attempt_keys) not between 1 and 8 or cardinality(most) <> cardinality(attempt_keys) or cardinality(window_seconds) <> cardinality(attempt_keys) then
		raise exception 'One limit and one window for every key.' using errcode = '22023';
	end if;
	-- The same keys are judged one after the other, always in the same order.
	perform pg_advisory_xact_lock(hashtextextended(key_in_order, 0)) from (select distinct unnest(attempt_keys) as key_in_order order by 1) as keys;
	for position in 1 .. cardinality(attempt_keys) loop
		select attempt.at into blocking
		from private.attempts as attempt
		where attempt.attempt_key = attempt_keys[position] and attempt.at > instant - make_interval(secs => window_seconds[position])
		order by attempt.at desc
		offset most[position] - 1 limit 1;
		if found then
			wait_seconds := greatest(wait_seconds, 1, ceil(extract(epoch from blocking - instant) + window_seconds[position])::integer);
		end if;
	end loop;
	if wait_seconds = 0 then
		insert into private.attempts (attempt_key, at) select distinct key, instant from unnest(attempt_keys) as key;
		delete from private.attempts where at < instant - interval '1 day';
	end if;
	return wait_seconds;
end
$$;

revoke execute on function public.take_attempt(text, text[], integer[], integer[]) from public;
grant execute on function public.take_attempt(text, text[], integer[], integer[]) to anon, authenticated;

-- Everything that changes who can open an account, one chain for each person: every row names the hash of the row before
-- it, so that a row that was changed or left out shows.
create table public.security_events (
	user_id uuid not null references auth.users (id) on delete cascade,
	seq bigint not null check (seq > 0),
	at timestamptz not null,
	kind text not null check (kind ~ '^[a-z_]+(\.[a-z_]+)+$'),
	-- What it was about, in words for people; never a secret.
	detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object' and pg_column_size(detail) <= 4096),
	previous_hash text not null,
	hash text not null,
	primary key (user_id, seq)
);

-- The hash covers exactly what the export shows, with the time in one spelling: anybody can check the chain.
create function private.security_event_hash(of_user uuid, of_seq bigint, happened timestamptz, of_kind text, of_detail jsonb, previous text) returns text
	language sql immutable set search_path = ''
	as $$
	select private.sha256_hex(concat_ws(E'\n', of_user::text, of_seq::text,
		to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), of_kind, of_detail::text, previous))
$$;

create function private.log_security_event(of_user uuid, of_kind text, of_detail jsonb) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	last public.security_events;
	happened timestamptz := date_trunc('milliseconds', clock_timestamp());
	previous text;
begin
	perform pg_advisory_xact_lock(hashtextextended('security_events ' || of_user::text, 0));
	select * into last from public.security_events as event where event.user_id = of_user order by event.seq desc limit 1;
	previous := coalesce(last.hash, '');
	insert into public.security_events (user_id, seq, at, kind, detail, previous_hash, hash)
	values (of_user, coalesce(last.seq, 0) + 1, happened, of_kind, of_detail, previous,
		private.security_event_hash(of_user, coalesce(last.seq, 0) + 1, happened, of_kind, of_detail, previous));
end
$$;

-- For what accounts itself sees: sign-ins, changed passwords. The person is the one whose token comes along.
create function public.note_security_event(portal_key text, event_kind text, event_detail jsonb) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	perform private.log_security_event(auth.uid(), event_kind, event_detail);
end
$$;

revoke execute on function private.security_event_hash(uuid, bigint, timestamptz, text, jsonb, text), private.log_security_event(uuid, text, jsonb) from public, anon, authenticated;
revoke execute on function public.note_security_event(text, text, jsonb) from public, anon;
grant execute on function public.note_security_event(text, text, jsonb) to authenticated;

alter table public.security_events enable row level security;
revoke all on public.security_events from anon, authenticated;
grant select on public.security_events to authenticated;

create policy "people read their own security log" on public.security_events
	for select to authenticated
	using (user_id = (select auth.uid()));

-- Rows leave with their account only, by the cascade.
create function private.keep_security_events() returns trigger
	language plpgsql set search_path = ''
	as $$
begin
	if tg_op = 'DELETE' and not exists (select from auth.users as person where person.id = old.user_id) then
		return old;
	end if;
	raise exception 'The security log is append-only.' using errcode = '42501';
end
$$;

create trigger security_events_append_only
	before update or delete on public.security_events
	for each row execute function private.keep_security_events();
