create table public.hosts (
	id uuid primary key,
	name text not null
		check (char_length(name) between 1 and 80 and name = btrim(name) and name !~ '[[:cntrl:]]'),
	-- Null until somebody claims the host.
	owner_id uuid references auth.users (id) on delete set null,
	door_url text check (door_url ~ '^https?://[^[:space:]]+$'),
	version text,
	last_seen_at timestamptz,
	created_at timestamptz not null default now()
);

create index hosts_owner_id on public.hosts (owner_id);

create table public.host_members (
	host_id uuid not null references public.hosts (id) on update cascade on delete cascade,
	user_id uuid not null references auth.users (id) on delete cascade,
	role text not null check (role in ('viewer', 'user', 'operator', 'owner')),
	created_at timestamptz not null default now(),
	primary key (host_id, user_id)
);

create index host_members_user_id on public.host_members (user_id);

-- The policies of hosts and host_members look at each other's tables; through these functions they do not go round in circles.
create function private.is_host_member(of_host uuid) returns boolean
	language sql stable security definer set search_path = ''
	as $$ select exists (select from public.host_members as member where member.host_id = of_host and member.user_id = auth.uid()) $$;

create function private.is_host_owner(of_host uuid) returns boolean
	language sql stable security definer set search_path = ''
	as $$ select exists (select from public.hosts as host where host.id = of_host and host.owner_id = auth.uid()) $$;

revoke execute on function private.is_host_member(uuid), private.is_host_owner(uuid) from public, anon;
grant execute on function private.is_host_member(uuid), private.is_host_owner(uuid) to authenticated;

alter table public.hosts enable row level security;
alter table public.host_members enable row level security;

revoke all on public.hosts, public.host_members from anon, authenticated;
grant select on public.hosts, public.host_members to authenticated;
grant update (name) on public.hosts to authenticated;
grant all on public.hosts, public.host_members to service_role;

create policy "members and admins see a host" on public.hosts
	for select to authenticated
	using (private.is_host_member(id) or (select private.is_platform_admin()));

create policy "owners rename their host" on public.hosts
	for update to authenticated
	using (owner_id = (select auth.uid()))
	with check (owner_id = (select auth.uid()));

create policy "people see their memberships, owners everybody's on their hosts" on public.host_members
	for select to authenticated
	using (user_id = (select auth.uid()) or private.is_host_owner(host_id));
