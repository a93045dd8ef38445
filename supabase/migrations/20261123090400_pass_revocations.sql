-- A host asks accounts whose passes were revoked, with an assertion signed by its own key.
alter table public.hosts add column public_key jsonb
	check (jsonb_typeof(public_key) = 'object' and not public_key ? 'd');

-- For operators, and for the embedded platform at each start: registers a host's public key (P-256 as JWK).
create function private.set_host_key(of_host uuid, new_key jsonb) returns void
	language sql security definer set search_path = ''
	as $$ update public.hosts set public_key = new_key where id = of_host $$;

-- Whose passes became worthless, at which host (null: at every one) and when. Kept for an hour: a pass lives a minute, a
-- stream that began with one ends at the next look of its host.
create table private.pass_revocations (
	user_id uuid not null,
	host_id uuid,
	at timestamptz not null
);

create index pass_revocations_by_time on private.pass_revocations (at);

-- Each assertion is taken once; its id is random.
create table private.host_assertions (
	assertion_id text primary key check (char_length(assertion_id) between 16 and 64),
	at timestamptz not null default now()
);

create function private.revoke_passes(of_user uuid, at_host uuid) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	delete from private.pass_revocations as old where old.at < now() - interval '1 hour';
	insert into private.pass_revocations (user_id, host_id, at) values (of_user, at_host, clock_timestamp());
end
$$;

create function private.revoke_passes_of_member() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.revoke_passes(old.user_id, old.host_id);
	return null;
end
$$;

create trigger revoke_passes_of_former_member
	after delete on public.host_members
	for each row execute function private.revoke_passes_of_member();

create trigger revoke_passes_of_changed_role
	after update of role on public.host_members
	for each row when (old.role <> new.role)
	execute function private.revoke_passes_of_member();

-- Sessions belong to the back end; the note that accounts keeps of each goes with it, however it ends.
alter table private.session_notes add column user_id uuid default auth.uid();
update private.session_notes as note set user_id = session.user_id from auth.sessions as session where session.id = note.session_id;

create function private.revoke_passes_of_session() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
begin
	if old.user_id is not null then
		perform private.revoke_passes(old.user_id, null);
	end if;
	return null;
end
$$;

create trigger revoke_passes_of_ended_session
	after delete on private.session_notes
	for each row execute function private.revoke_passes_of_session();

create function private.revoke_passes_of_device() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.revoke_passes(new.user_id, null);
	return null;
end
$$;

create trigger revoke_passes_of_ended_device
	after update of revoked_at on public.devices
	for each row when (old.revoked_at is null and new.revoked_at is not null)
	execute function private.revoke_passes_of_device();

create function public.read_host_key(portal_key text, of_host uuid) returns jsonb
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return (select host.public_key from public.hosts as host where host.id = of_host);
end
$$;

-- A host learns of its own members and former members only. Times are whole seconds, as in passes, rounded up.
create function public.list_pass_revocations(portal_key text, of_host uuid, assertion_id text) returns table (sub uuid, since bigint)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	delete from private.host_assertions as old where old.at < now() - interval '10 minutes';
	insert into private.host_assertions (assertion_id) values (list_pass_revocations.assertion_id);
	update public.hosts as host set last_seen_at = now() where host.id = of_host;
	return query
		select revoked.user_id, ceil(extract(epoch from max(revoked.at)))::bigint
		from private.pass_revocations as revoked
		where revoked.at > now() - interval '1 hour'
			and (revoked.host_id = of_host
				or revoked.host_id is null and exists (
					select from public.host_members as member where member.host_id = of_host and member.user_id = revoked.user_id))
		group by revoked.user_id;
end
$$;

revoke execute on function
	private.set_host_key(uuid, jsonb), private.revoke_passes(uuid, uuid), private.revoke_passes_of_member(),
	private.revoke_passes_of_session(), private.revoke_passes_of_device()
	from public, anon, authenticated;
revoke execute on function public.read_host_key(text, uuid), public.list_pass_revocations(text, uuid, text) from public, anon, authenticated;
grant execute on function public.read_host_key(text, uuid), public.list_pass_revocations(text, uuid, text) to anon;
