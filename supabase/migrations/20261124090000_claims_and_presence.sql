-- Hosts that people claim, and where each host is.
alter table public.hosts
	-- Addresses of the link listener in the host's own network, as http://192.168.1.10:8789.
	add column lan_urls text[] not null default '{}' check (cardinality(lan_urls) <= 8),
	-- Set once: a revoked host is claimed anew under another id.
	add column revoked_at timestamptz;

-- RFC 7638: what names a P-256 key. SHA-256 over the required members in alphabetical order, base64url.
create function private.key_thumbprint(of_key jsonb) returns text
	language sql immutable set search_path = ''
	as $$
	select translate(rtrim(encode(sha256(convert_to(
		'{"crv":"P-256","kty":"EC","x":"' || (of_key ->> 'x') || '","y":"' || (of_key ->> 'y') || '"}', 'UTF8')), 'base64'), '='), '+/', '-_')
$$;

-- One host for each key; a lost race fails here.
create unique index hosts_by_key on public.hosts (private.key_thumbprint(public_key)) where revoked_at is null;

-- What is revoked is seen by nobody through the API.
alter policy "members and admins see a host" on public.hosts
	using (revoked_at is null and (private.is_host_member(id) or (select private.is_platform_admin())));

-- RFC 8628, for hosts: one waits until a person types its code and approves it.
create table private.host_claims (
	claim_code_hash text primary key check (claim_code_hash ~ '^[0-9a-f]{64}$'),
	user_code_hash text not null unique check (user_code_hash ~ '^[0-9a-f]{64}$'),
	host_name text not null check (char_length(host_name) between 1 and 80 and host_name = btrim(host_name) and host_name !~ '[[:cntrl:]]'),
	version text not null check (char_length(version) <= 40),
	public_key jsonb not null check (jsonb_typeof(public_key) = 'object' and not public_key ? 'd'),
	place text check (char_length(place) <= 64),
	client text check (char_length(client) <= 120),
	-- 'owned': another claim of the same key was approved first.
	state text not null default 'pending' check (state in ('pending', 'claimed', 'denied', 'owned')),
	user_id uuid references auth.users (id) on delete cascade,
	host_id uuid references public.hosts (id) on update cascade on delete cascade,
	interval_seconds integer not null default 5,
	last_polled_at timestamptz,
	expires_at timestamptz not null
);

-- The host that holds a key now and is no longer free to be claimed: it has an owner, or it is that of the embedded
-- platform, which goes to the first person who signs up there.
create function private.find_owned_host(thumbprint text) returns uuid
	language sql stable security definer set search_path = ''
	as $$
	select host.id from public.hosts as host
	where private.key_thumbprint(host.public_key) = thumbprint and host.revoked_at is null
		and (host.owner_id is not null or exists (select from private.local_setup as setup where setup.host_id = host.id))
$$;

-- Answers whether the claim began; false when the key is that of a host that somebody owns.
create function public.start_host_claim(portal_key text, claim_code_hash text, user_code_hash text, host_name text, version text, public_key jsonb, place text, client text)
	returns boolean
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if private.find_owned_host(private.key_thumbprint(start_host_claim.public_key)) is not null then
		return false;
	end if;
	delete from private.host_claims as old where old.expires_at < now() - interval '1 day';
	insert into private.host_claims (claim_code_hash, user_code_hash, host_name, version, public_key, place, client, expires_at)
	values (start_host_claim.claim_code_hash, start_host_claim.user_code_hash, start_host_claim.host_name, start_host_claim.version,
		start_host_claim.public_key, start_host_claim.place, start_host_claim.client, now() + interval '10 minutes');
	return true;
end
$$;

-- What the person who typed the code is asked to approve; nothing for a code that is unknown, over or answered.
create function public.find_host_claim(portal_key text, user_code_hash text)
	returns table (host_name text, version text, place text, client text, claim_code_hash text, key_thumbprint text)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	return query select asked.host_name, asked.version, asked.place, asked.client, asked.claim_code_hash, private.key_thumbprint(asked.public_key)
		from private.host_claims as asked
		where asked.user_code_hash = find_host_claim.user_code_hash and asked.state = 'pending' and asked.expires_at > now();
end
$$;

-- Makes the host of a claim with its owner and that owner's membership. A host whose owner's account is gone gives its key
-- free. False when somebody owns a host with this key already, who may have been a moment faster.
create function private.make_claimed_host(claim private.host_claims, new_host uuid, new_owner uuid) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	thumbprint text := private.key_thumbprint(claim.public_key);
begin
	if private.find_owned_host(thumbprint) is not null then
		return false;
	end if;
	with ownerless as (
		update public.hosts as host set revoked_at = now()
		where private.key_thumbprint(host.public_key) = thumbprint and host.revoked_at is null
		returning host.id
	)
	delete from public.host_members as member using ownerless where member.host_id = ownerless.id;
	insert into public.hosts (id, name, owner_id, version, public_key) values (new_host, claim.host_name, new_owner, claim.version, claim.public_key);
	insert into public.host_members (host_id, user_id, role) values (new_host, new_owner, 'owner');
	perform private.log_security_event(new_owner, 'host.claimed',
		jsonb_build_object('host', new_host, 'name', claim.host_name, 'version', claim.version, 'place', claim.place));
	return true;
exception when unique_violation then
	return false;
end
$$;

-- The signed-in person approves or refuses: 'claimed', 'denied', 'owned' (by somebody already), 'unknown' (no such code, or
-- its time is over). Who approves twice is answered twice.
create function public.answer_host_claim(portal_key text, user_code_hash text, approve boolean, new_host uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	asked private.host_claims;
	outcome text;
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	select * into asked from private.host_claims as known where known.user_code_hash = answer_host_claim.user_code_hash for update;
	if not found or asked.expires_at < now() or asked.state = 'denied' then
		return 'unknown';
	end if;
	if asked.state <> 'pending' then
		return case when asked.state = 'claimed' and asked.user_id = auth.uid() and approve then 'claimed' else 'owned' end;
	end if;
	outcome := case
		when not approve then 'denied'
		when private.make_claimed_host(asked, new_host, auth.uid()) then 'claimed'
		else 'owned'
	end;
	-- The host is to have time to fetch what it was given, even when the approval came in the last second.
	update private.host_claims as known
		set state = outcome, user_id = auth.uid(), host_id = case when outcome = 'claimed' then new_host end,
			expires_at = case when outcome = 'claimed' then now() + interval '10 minutes' else known.expires_at end
		where known.claim_code_hash = asked.claim_code_hash;
	return outcome;
end
$$;

-- RFC 8628 §3.5: 'claimed', 'authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant', or
-- 'owned', 'revoked'. A claimed host may ask again, because the answer can be lost on the way.
create function public.poll_host_claim(portal_key text, claim_code_hash text, key_thumbprint text)
	returns table (state text, host_id uuid, host_name text, owner_name text)
	language plpgsql security definer set search_path = ''
	as $$
declare
	asked private.host_claims;
	too_soon boolean;
begin
	perform private.require_portal(portal_key);
	select * into asked from private.host_claims as known where known.claim_code_hash = poll_host_claim.claim_code_hash for update;
	if not found or private.key_thumbprint(asked.public_key) <> poll_host_claim.key_thumbprint then
		return query select 'invalid_grant', null::uuid, null::text, null::text;
	elsif asked.expires_at < now() then
		return query select 'expired_token', null::uuid, null::text, null::text;
	elsif asked.state = 'claimed' then
		return query select case when host.revoked_at is null then 'claimed' else 'revoked' end, host.id, host.name, profile.display_name
			from public.hosts as host join public.profiles as profile on profile.id = asked.user_id
			where host.id = asked.host_id;
	elsif asked.state <> 'pending' then
		return query select case asked.state when 'denied' then 'access_denied' else 'owned' end, null::uuid, null::text, null::text;
	else
		-- A second of grace: clocks and networks are not exact.
		too_soon := asked.last_polled_at is not null and clock_timestamp() < asked.last_polled_at + make_interval(secs => asked.interval_seconds - 1);
		update private.host_claims as known
			set last_polled_at = clock_timestamp(), interval_seconds = asked.interval_seconds + case when too_soon then 5 else 0 end
			where known.claim_code_hash = asked.claim_code_hash;
		return query select case when too_soon then 'slow_down' else 'authorization_pending' end, null::uuid, null::text, null::text;
	end if;
end
$$;

-- The key that a host's assertions are checked with, and whether its owner revoked it. It takes the place of read_host_key,
-- which stays for an accounts site that is still of yesterday.
create function public.read_host_state(portal_key text, of_host uuid) returns table (public_key jsonb, is_revoked boolean)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query select host.public_key, host.revoked_at is not null from public.hosts as host where host.id = of_host;
end
$$;

-- A host says where it is, with an assertion that is taken once; answers its name. The embedded platform's own host keeps
-- the address that the platform gave it while it has no tunnel.
create function public.note_host_presence(portal_key text, of_host uuid, assertion_id text, version text, door_url text, lan_urls text[]) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	name_now text;
begin
	perform private.require_portal(portal_key);
	insert into private.host_assertions (assertion_id) values (note_host_presence.assertion_id);
	update public.hosts as host
		set version = note_host_presence.version, lan_urls = note_host_presence.lan_urls, last_seen_at = now(),
			door_url = case
				when note_host_presence.door_url is null and exists (select from private.local_setup as setup where setup.host_id = host.id)
				then host.door_url
				else note_host_presence.door_url
			end
		where host.id = of_host and host.revoked_at is null
		returning host.name into name_now;
	return name_now;
end
$$;

-- The hosts that a device's person may use, and where each is.
create function public.list_device_hosts(portal_key text, of_device uuid)
	returns table (id uuid, name text, role text, door_url text, lan_urls text[], public_key jsonb, last_seen_at timestamptz)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query select host.id, host.name, member.role, host.door_url, host.lan_urls, host.public_key, host.last_seen_at
		from public.devices as device
		join public.host_members as member on member.user_id = device.user_id
		join public.hosts as host on host.id = member.host_id
		where device.id = of_device and device.revoked_at is null and device.expires_at > now() and host.revoked_at is null
		order by host.id;
end
$$;

-- As before, and no role at a host that was revoked.
create or replace function public.read_device(portal_key text, of_device uuid, at_host uuid default null)
	returns table (user_id uuid, email text, display_name text, name text, role text)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query select device.user_id, person.email::text, profile.display_name, device.name, member.role
		from public.devices as device
		join auth.users as person on person.id = device.user_id
		join public.profiles as profile on profile.id = device.user_id
		left join public.hosts as host on host.id = at_host and host.revoked_at is null
		left join public.host_members as member on member.user_id = device.user_id and member.host_id = host.id
		where device.id = of_device and device.revoked_at is null and device.expires_at > now();
end
$$;

revoke execute on function
	private.key_thumbprint(jsonb), private.find_owned_host(text), private.make_claimed_host(private.host_claims, uuid, uuid)
	from public, anon, authenticated;
-- The index calls it as whoever changes a host.
grant execute on function private.key_thumbprint(jsonb) to authenticated, service_role;
revoke execute on function
	public.start_host_claim(text, text, text, text, text, jsonb, text, text),
	public.find_host_claim(text, text),
	public.answer_host_claim(text, text, boolean, uuid),
	public.poll_host_claim(text, text, text),
	public.read_host_state(text, uuid),
	public.note_host_presence(text, uuid, text, text, text, text[]),
	public.list_device_hosts(text, uuid)
	from public, anon, authenticated;
grant execute on function
	public.start_host_claim(text, text, text, text, text, jsonb, text, text),
	public.poll_host_claim(text, text, text),
	public.read_host_state(text, uuid),
	public.note_host_presence(text, uuid, text, text, text, text[]),
	public.list_device_hosts(text, uuid)
	to anon;
grant execute on function public.find_host_claim(text, text), public.answer_host_claim(text, text, boolean, uuid) to authenticated;
