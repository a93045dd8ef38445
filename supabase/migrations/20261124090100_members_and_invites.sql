-- Who may use a host: roles, invitations, handing over, revoking. The functions decide by auth.uid() and are called through
-- accounts alone, which asks for a fresh proof of the person first where that is due.
alter table public.host_members add column invited_by uuid references auth.users (id) on delete set null;

-- An invitation is open as long as its row is here. By link: whoever has the secret, of which only the SHA-256 stands here.
-- By address: whoever has proved that address.
create table private.host_invites (
	id uuid primary key,
	host_id uuid not null references public.hosts (id) on update cascade on delete cascade,
	role text not null check (role in ('viewer', 'user', 'operator')),
	secret_hash text unique check (secret_hash ~ '^[0-9a-f]{64}$'),
	email text check (email = lower(email) and char_length(email) between 3 and 254 and email !~ '[[:cntrl:][:space:]]'),
	invited_by uuid not null references auth.users (id) on delete cascade,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '7 days',
	check ((secret_hash is null) <> (email is null)),
	unique (host_id, email)
);

create index host_invites_by_email on private.host_invites (email);

-- Renaming goes into the log like every other change, so it goes through the function below.
drop policy "owners rename their host" on public.hosts;
revoke update (name) on public.hosts from authenticated;

create function private.person_name(of_user uuid) returns text
	language sql stable security definer set search_path = ''
	as $$ select profile.display_name from public.profiles as profile where profile.id = of_user $$;

-- The address of the person who asks, once it is proved; null before.
create function private.proved_email() returns text
	language sql stable security definer set search_path = ''
	as $$ select lower(person.email::text) from auth.users as person where person.id = auth.uid() and person.email_confirmed_at is not null $$;

-- One line in the log of everybody concerned. Always in the same order, so that two changes at once never wait for one another.
create function private.log_host_event(of_kind text, host public.hosts, detail jsonb, concerned uuid[]) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	each_person uuid;
begin
	for each_person in select distinct person from unnest(concerned) as person where person is not null order by person loop
		perform private.log_security_event(each_person, of_kind,
			jsonb_strip_nulls(jsonb_build_object('host', host.id, 'name', host.name) || detail));
	end loop;
end
$$;

-- The host, if the person who asks owns it. Its row stays locked: changes of one host's members come one after the other.
create function private.require_host_owner(portal_key text, of_host uuid) returns public.hosts
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts;
begin
	perform private.require_portal(portal_key);
	select * into host from public.hosts as known where known.id = of_host and known.owner_id = auth.uid() for update;
	if not found then
		raise exception 'Only the owner of a host may do this.' using errcode = '42501';
	end if;
	return host;
end
$$;

-- 'renamed'.
create function public.rename_host(portal_key text, of_host uuid, new_name text) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
begin
	if host.name <> new_name then
		update public.hosts as known set name = new_name where known.id = host.id;
		perform private.log_host_event('host.renamed', host, jsonb_build_object('new_name', new_name), array[auth.uid()]);
	end if;
	return 'renamed';
end
$$;

-- The members that a person may see: the owner sees everybody with their address, the others see themselves and the owner.
create function public.list_host_members(portal_key text, of_host uuid)
	returns table (user_id uuid, name text, email text, role text, since timestamptz, invited_by text, is_self boolean)
	language plpgsql stable security definer set search_path = ''
	as $$
declare
	is_owner boolean := private.is_host_owner(of_host);
begin
	perform private.require_portal(portal_key);
	return query
		select member.user_id, private.person_name(member.user_id),
			case when is_owner or member.user_id = auth.uid() then person.email::text end,
			member.role, member.created_at, private.person_name(member.invited_by), member.user_id = auth.uid()
		from public.host_members as member
		join auth.users as person on person.id = member.user_id
		where member.host_id = of_host and private.is_host_member(of_host)
			and (is_owner or member.user_id = auth.uid() or member.role = 'owner')
		order by array_position(array['owner', 'operator', 'user', 'viewer'], member.role), member.created_at;
end
$$;

-- 'changed', 'same', 'owner' (who gives the host away by handing it over), 'gone'.
create function public.change_member_role(portal_key text, of_host uuid, of_user uuid, new_role text) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
	before text;
begin
	if new_role not in ('viewer', 'user', 'operator') then
		raise exception 'A member is viewer, user or operator.' using errcode = '22023';
	end if;
	select member.role into before from public.host_members as member where member.host_id = host.id and member.user_id = of_user for update;
	if before is null then
		return 'gone';
	end if;
	if before in ('owner', new_role) then
		return case before when 'owner' then 'owner' else 'same' end;
	end if;
	update public.host_members as member set role = new_role where member.host_id = host.id and member.user_id = of_user;
	perform private.log_host_event('host.role_changed', host,
		jsonb_build_object('person', private.person_name(of_user), 'before', before, 'role', new_role), array[auth.uid(), of_user]);
	return 'changed';
end
$$;

-- 'removed', 'owner', 'gone'.
create function public.remove_host_member(portal_key text, of_host uuid, of_user uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
begin
	if of_user = host.owner_id then
		return 'owner';
	end if;
	delete from public.host_members as member where member.host_id = host.id and member.user_id = of_user;
	if not found then
		return 'gone';
	end if;
	perform private.log_host_event('host.member_removed', host,
		jsonb_build_object('person', private.person_name(of_user)), array[auth.uid(), of_user]);
	return 'removed';
end
$$;

-- 'left', 'owner' (who hands the host over or revokes it instead), 'gone'.
create function public.leave_host(portal_key text, of_host uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts;
begin
	perform private.require_portal(portal_key);
	if not private.is_host_member(of_host) then
		return 'gone';
	end if;
	select * into host from public.hosts as known where known.id = of_host for update;
	if host.owner_id = auth.uid() then
		return 'owner';
	end if;
	delete from public.host_members as member where member.host_id = of_host and member.user_id = auth.uid();
	if not found then
		return 'gone';
	end if;
	perform private.log_host_event('host.left', host,
		jsonb_build_object('person', private.person_name(auth.uid())), array[auth.uid(), host.owner_id]);
	return 'left';
end
$$;

-- A member becomes the owner, the owner an operator; what was open of the former owner's invitations ends. 'handed_over',
-- 'same', 'gone'.
create function public.hand_over_host(portal_key text, of_host uuid, to_user uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
begin
	if to_user = host.owner_id then
		return 'same';
	end if;
	update public.host_members as member set role = 'owner' where member.host_id = host.id and member.user_id = to_user;
	if not found then
		return 'gone';
	end if;
	update public.host_members as member set role = 'operator' where member.host_id = host.id and member.user_id = host.owner_id;
	update public.hosts as known set owner_id = to_user where known.id = host.id;
	delete from private.host_invites as invite where invite.host_id = host.id;
	perform private.log_host_event('host.handed_over', host,
		jsonb_build_object('by', private.person_name(host.owner_id), 'person', private.person_name(to_user)), array[host.owner_id, to_user]);
	return 'handed_over';
end
$$;

-- Nobody may use the host any more, until it is claimed anew.
create function private.end_host(host public.hosts, by_whom text) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	former uuid[];
begin
	delete from private.host_invites as invite where invite.host_id = host.id;
	with gone as (
		delete from public.host_members as member where member.host_id = host.id returning member.user_id
	)
	select array_agg(gone.user_id) into former from gone;
	update public.hosts as known set owner_id = null, door_url = null, lan_urls = '{}', revoked_at = now() where known.id = host.id;
	perform private.log_host_event('host.revoked', host, jsonb_build_object('by', by_whom), former);
end
$$;

-- 'revoked'; 'local' for the host of the machine that the whole platform runs on: its identity is the platform's, which
-- would write it anew at each start.
create function public.revoke_host(portal_key text, of_host uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
begin
	if exists (select from private.local_setup as local where local.host_id = host.id) then
		return 'local';
	end if;
	perform private.end_host(host, private.person_name(auth.uid()));
	return 'revoked';
end
$$;

-- An owner who leaves takes nobody's host along: it is revoked, as if they had done it themselves.
create function private.end_hosts_of_leaver() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts;
begin
	for host in select * from public.hosts as known where known.owner_id = old.id order by known.id for update loop
		perform private.end_host(host, private.person_name(old.id));
	end loop;
	return old;
end
$$;

create trigger end_hosts_of_leaver
	before delete on auth.users
	for each row execute function private.end_hosts_of_leaver();

-- With the hash of a link's secret or with an address, which then has one open invitation to this host. 'made', 'full'.
create function public.make_host_invite(portal_key text, new_invite uuid, of_host uuid, of_role text, secret_hash text default null, email text default null) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts := private.require_host_owner(portal_key, of_host);
begin
	delete from private.host_invites as old
		where old.id in (select over.id from private.host_invites as over where over.expires_at < now() for update skip locked)
			or old.host_id = host.id and old.email = lower(make_host_invite.email);
	if (select count(*) from private.host_invites as open where open.host_id = host.id) >= 20 then
		return 'full';
	end if;
	insert into private.host_invites (id, host_id, role, secret_hash, email, invited_by)
	values (new_invite, host.id, of_role, make_host_invite.secret_hash, lower(make_host_invite.email), auth.uid());
	perform private.log_host_event('host.invited', host,
		jsonb_build_object('role', of_role, 'to', coalesce(lower(make_host_invite.email), 'a link')), array[auth.uid()]);
	return 'made';
end
$$;

-- What is open at the person's own hosts: at one, or at all.
create function public.list_host_invites(portal_key text, of_host uuid default null)
	returns table (id uuid, host_id uuid, role text, email text, invited_by text, created_at timestamptz, expires_at timestamptz)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query
		select invite.id, invite.host_id, invite.role, invite.email, private.person_name(invite.invited_by), invite.created_at, invite.expires_at
		from private.host_invites as invite
		join public.hosts as host on host.id = invite.host_id
		where host.owner_id = auth.uid() and (of_host is null or host.id = of_host) and invite.expires_at > now()
		order by invite.created_at;
end
$$;

-- 'withdrawn', 'gone'.
create function public.withdraw_host_invite(portal_key text, of_invite uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	host public.hosts;
	withdrawn private.host_invites;
begin
	perform private.require_portal(portal_key);
	select known.* into host
		from public.hosts as known
		join private.host_invites as invite on invite.host_id = known.id
		where invite.id = of_invite and known.owner_id = auth.uid()
		for update of known;
	delete from private.host_invites as invite where invite.id = of_invite and invite.host_id = host.id returning * into withdrawn;
	if not found then
		return 'gone';
	end if;
	perform private.log_host_event('host.invite_withdrawn', host,
		jsonb_build_object('role', withdrawn.role, 'to', coalesce(withdrawn.email, 'a link')), array[auth.uid()]);
	return 'withdrawn';
end
$$;

-- The invitation that the secret opens, or the one of this id to the person's proved address. Its host and then itself stay
-- locked, in the order that the owner's functions have too: of two who accept the same link, the second finds nothing.
create function private.lock_invite(of_invite uuid, of_secret_hash text) returns private.host_invites
	language plpgsql security definer set search_path = ''
	as $$
declare
	found_invite private.host_invites;
begin
	perform from public.hosts as host
		join private.host_invites as invite on invite.host_id = host.id
		where invite.secret_hash = of_secret_hash or invite.id = of_invite and invite.email = private.proved_email()
		for update of host;
	select * into found_invite
		from private.host_invites as invite
		where (invite.secret_hash = of_secret_hash or invite.id = of_invite and invite.email = private.proved_email()) and invite.expires_at > now()
		for update;
	return found_invite;
end
$$;

-- What somebody who holds a link is asked; nothing for one that is unknown, used, withdrawn or over.
create function public.find_host_invite(portal_key text, secret_hash text)
	returns table (host_name text, role text, invited_by text, invited_by_email text, expires_at timestamptz, is_member boolean)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query
		select host.name, invite.role, private.person_name(invite.invited_by), inviter.email::text, invite.expires_at, private.is_host_member(host.id)
		from private.host_invites as invite
		join public.hosts as host on host.id = invite.host_id
		join auth.users as inviter on inviter.id = invite.invited_by
		where invite.secret_hash = find_host_invite.secret_hash and invite.expires_at > now() and auth.uid() is not null;
end
$$;

-- What waits for the person's proved address.
create function public.list_own_invites(portal_key text)
	returns table (id uuid, host_name text, role text, invited_by text, invited_by_email text, expires_at timestamptz)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query
		select invite.id, host.name, invite.role, private.person_name(invite.invited_by), inviter.email::text, invite.expires_at
		from private.host_invites as invite
		join public.hosts as host on host.id = invite.host_id
		join auth.users as inviter on inviter.id = invite.invited_by
		where invite.email = private.proved_email() and invite.expires_at > now()
		order by invite.created_at;
end
$$;

-- 'joined', 'declined', 'member' (who has a role already, which stays as it is), 'over'; and the host.
create function public.answer_host_invite(portal_key text, accept boolean, of_invite uuid default null, secret_hash text default null)
	returns table (outcome text, host_id uuid)
	language plpgsql security definer set search_path = ''
	as $$
declare
	invite private.host_invites;
	host public.hosts;
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	invite := private.lock_invite(of_invite, answer_host_invite.secret_hash);
	if invite.id is null then
		return query select 'over', null::uuid;
		return;
	end if;
	if accept and private.is_host_member(invite.host_id) then
		return query select 'member', invite.host_id;
		return;
	end if;
	select * into host from public.hosts as known where known.id = invite.host_id;
	delete from private.host_invites as answered where answered.id = invite.id;
	if accept then
		insert into public.host_members (host_id, user_id, role, invited_by) values (host.id, auth.uid(), invite.role, invite.invited_by);
	end if;
	perform private.log_host_event(case when accept then 'host.joined' else 'host.invite_declined' end, host,
		jsonb_build_object('person', private.person_name(auth.uid()), 'role', invite.role, 'by', private.person_name(invite.invited_by)),
		array[auth.uid(), host.owner_id]);
	return query select case when accept then 'joined' else 'declined' end, host.id;
end
$$;

revoke execute on function
	private.person_name(uuid), private.proved_email(), private.log_host_event(text, public.hosts, jsonb, uuid[]),
	private.require_host_owner(text, uuid), private.end_host(public.hosts, text), private.end_hosts_of_leaver(), private.lock_invite(uuid, text)
	from public, anon, authenticated;
revoke execute on function
	public.rename_host(text, uuid, text), public.list_host_members(text, uuid), public.change_member_role(text, uuid, uuid, text),
	public.remove_host_member(text, uuid, uuid), public.leave_host(text, uuid), public.hand_over_host(text, uuid, uuid),
	public.revoke_host(text, uuid), public.make_host_invite(text, uuid, uuid, text, text, text), public.list_host_invites(text, uuid),
	public.withdraw_host_invite(text, uuid), public.find_host_invite(text, text), public.list_own_invites(text),
	public.answer_host_invite(text, boolean, uuid, text)
	from public, anon, authenticated;
grant execute on function
	public.rename_host(text, uuid, text), public.list_host_members(text, uuid), public.change_member_role(text, uuid, uuid, text),
	public.remove_host_member(text, uuid, uuid), public.leave_host(text, uuid), public.hand_over_host(text, uuid, uuid),
	public.revoke_host(text, uuid), public.make_host_invite(text, uuid, uuid, text, text, text), public.list_host_invites(text, uuid),
	public.withdraw_host_invite(text, uuid), public.find_host_invite(text, text), public.list_own_invites(text),
	public.answer_host_invite(text, boolean, uuid, text)
	to authenticated;
