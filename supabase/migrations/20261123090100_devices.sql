-- A device holds a key pair and a rotating token of accounts; it never holds a session of the back end.
create table public.devices (
	id uuid primary key,
	user_id uuid not null references auth.users (id) on delete cascade,
	name text not null check (char_length(name) between 1 and 80 and name = btrim(name) and name !~ '[[:cntrl:]]'),
	kind text not null check (kind in ('cli', 'daemon', 'desktop', 'host')),
	-- JWK thumbprint (RFC 7638) of the device's P-256 key.
	key_thumbprint text not null check (key_thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
	-- Where and with what it was last seen: a network prefix and a product name, no more.
	place text check (char_length(place) <= 64),
	client text check (char_length(client) <= 120),
	created_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	-- However busy it is, it must be approved again after this.
	expires_at timestamptz not null,
	revoked_at timestamptz
);

create index devices_by_user on public.devices (user_id, created_at);

create table private.device_tokens (
	token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
	device_id uuid not null references public.devices (id) on delete cascade,
	issued_at timestamptz not null default now(),
	-- The token that came after this one; null for the current one.
	replaced_by text
);

create index device_tokens_by_device on private.device_tokens (device_id);

-- Approved in the browser and not redeemed yet; the code itself is with the device only.
create table private.sign_in_codes (
	code_hash text primary key check (code_hash ~ '^[0-9a-f]{64}$'),
	user_id uuid not null references auth.users (id) on delete cascade,
	challenge text not null check (challenge ~ '^[A-Za-z0-9_-]{43}$'),
	key_thumbprint text not null,
	device_name text not null,
	device_kind text not null,
	expires_at timestamptz not null,
	device_id uuid
);

-- RFC 8628: devices without a browser.
create table private.device_requests (
	device_code_hash text primary key check (device_code_hash ~ '^[0-9a-f]{64}$'),
	user_code_hash text not null unique check (user_code_hash ~ '^[0-9a-f]{64}$'),
	key_thumbprint text not null check (key_thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
	device_name text not null check (char_length(device_name) between 1 and 80 and device_name !~ '[[:cntrl:]]'),
	device_kind text not null check (device_kind in ('cli', 'daemon', 'desktop', 'host')),
	place text,
	client text,
	state text not null default 'pending' check (state in ('pending', 'approved', 'denied', 'used')),
	user_id uuid references auth.users (id) on delete cascade,
	interval_seconds integer not null default 5,
	last_polled_at timestamptz,
	expires_at timestamptz not null
);

create function private.device_life() returns interval language sql immutable as $$ select interval '180 days' $$;
create function private.device_idle() returns interval language sql immutable as $$ select interval '60 days' $$;

create function private.make_device(new_id uuid, of_user uuid, of_name text, of_kind text, thumbprint text, first_token_hash text, at_place text, with_client text, way text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	insert into public.devices (id, user_id, name, kind, key_thumbprint, place, client, expires_at)
	values (new_id, of_user, of_name, of_kind, thumbprint, at_place, with_client, now() + private.device_life());
	insert into private.device_tokens (token_hash, device_id) values (first_token_hash, new_id);
	perform private.log_security_event(of_user, 'device.added', jsonb_build_object('device', new_id, 'name', of_name, 'kind', of_kind, 'way', way, 'place', at_place));
end
$$;

create function private.end_device(of_device uuid, reason text) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	gone public.devices;
begin
	update public.devices set revoked_at = now() where id = of_device and revoked_at is null returning * into gone;
	if found then
		delete from private.device_tokens where device_id = of_device;
		perform private.log_security_event(gone.user_id, 'device.revoked', jsonb_build_object('device', gone.id, 'name', gone.name, 'reason', reason));
	end if;
end
$$;

-- The signed-in person approved the device that shows this challenge and this key.
create function public.approve_device_sign_in(portal_key text, code_hash text, challenge text, key_thumbprint text, device_name text, device_kind text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	delete from private.sign_in_codes as old where old.expires_at < now() - interval '1 day';
	insert into private.sign_in_codes (code_hash, user_id, challenge, key_thumbprint, device_name, device_kind, expires_at)
	values (approve_device_sign_in.code_hash, auth.uid(), approve_device_sign_in.challenge, approve_device_sign_in.key_thumbprint,
		approve_device_sign_in.device_name, approve_device_sign_in.device_kind, now() + interval '60 seconds');
end
$$;

-- 'redeemed', or why not: 'unknown', 'expired', 'mismatch', 'repeated'. A code that comes a second time was stolen by
-- somebody: the device that it made is ended (RFC 6749 §4.1.2).
create function public.redeem_device_sign_in(portal_key text, code_hash text, challenge text, key_thumbprint text, new_device uuid, token_hash text, place text, client text) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	code private.sign_in_codes;
begin
	perform private.require_portal(portal_key);
	select * into code from private.sign_in_codes as known where known.code_hash = redeem_device_sign_in.code_hash for update;
	if not found then
		return 'unknown';
	end if;
	if code.device_id is not null then
		perform private.end_device(code.device_id, 'its sign-in code was used twice');
		return 'repeated';
	end if;
	if code.expires_at < now() then
		return 'expired';
	end if;
	if code.challenge <> redeem_device_sign_in.challenge or code.key_thumbprint <> redeem_device_sign_in.key_thumbprint then
		delete from private.sign_in_codes as known where known.code_hash = code.code_hash;
		return 'mismatch';
	end if;
	perform private.make_device(new_device, code.user_id, code.device_name, code.device_kind, code.key_thumbprint, token_hash, place, client, 'browser');
	update private.sign_in_codes as known set device_id = new_device where known.code_hash = code.code_hash;
	return 'redeemed';
end
$$;

create function public.start_device_request(portal_key text, device_code_hash text, user_code_hash text, key_thumbprint text, device_name text, device_kind text, place text, client text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	delete from private.device_requests as old where old.expires_at < now() - interval '1 day';
	insert into private.device_requests (device_code_hash, user_code_hash, key_thumbprint, device_name, device_kind, place, client, expires_at)
	values (start_device_request.device_code_hash, start_device_request.user_code_hash, start_device_request.key_thumbprint,
		start_device_request.device_name, start_device_request.device_kind, start_device_request.place, start_device_request.client, now() + interval '10 minutes');
end
$$;

-- What the person who typed the code is asked to approve; nothing for a code that is unknown, over or answered.
create function public.find_device_request(portal_key text, user_code_hash text) returns table (device_name text, device_kind text, place text, client text, key_thumbprint text)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	return query select asked.device_name, asked.device_kind, asked.place, asked.client, asked.key_thumbprint
		from private.device_requests as asked
		where asked.user_code_hash = find_device_request.user_code_hash and asked.state = 'pending' and asked.expires_at > now();
end
$$;

create function public.answer_device_request(portal_key text, user_code_hash text, approve boolean) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	update private.device_requests as asked
		set state = case when approve then 'approved' else 'denied' end, user_id = auth.uid()
		where asked.user_code_hash = answer_device_request.user_code_hash and asked.state = 'pending' and asked.expires_at > now();
	return found;
end
$$;

-- RFC 8628 §3.5: 'approved', 'authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'invalid_grant'.
create function public.poll_device_request(portal_key text, device_code_hash text, key_thumbprint text, new_device uuid, token_hash text, place text, client text) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	asked private.device_requests;
	too_soon boolean;
begin
	perform private.require_portal(portal_key);
	select * into asked from private.device_requests as known where known.device_code_hash = poll_device_request.device_code_hash for update;
	if not found or asked.key_thumbprint <> poll_device_request.key_thumbprint or asked.state = 'used' then
		return 'invalid_grant';
	end if;
	if asked.expires_at < now() then
		return 'expired_token';
	end if;
	if asked.state = 'denied' then
		return 'access_denied';
	end if;
	if asked.state = 'approved' then
		perform private.make_device(new_device, asked.user_id, asked.device_name, asked.device_kind, asked.key_thumbprint, token_hash, place, client, 'code');
		update private.device_requests as known set state = 'used' where known.device_code_hash = asked.device_code_hash;
		return 'approved';
	end if;
	-- A second of grace: clocks and networks are not exact.
	too_soon := asked.last_polled_at is not null and clock_timestamp() < asked.last_polled_at + make_interval(secs => asked.interval_seconds - 1);
	update private.device_requests as known
		set last_polled_at = clock_timestamp(), interval_seconds = asked.interval_seconds + case when too_soon then 5 else 0 end
		where known.device_code_hash = asked.device_code_hash;
	return case when too_soon then 'slow_down' else 'authorization_pending' end;
end
$$;

-- Replaces a device's token. The token before the current one is taken once more as long as nobody has used the current
-- one: an answer that was lost on the way must not end the device. Any older token was copied: the device is ended.
create function public.rotate_device_token(portal_key text, old_hash text, new_hash text, key_thumbprint text, place text, client text)
	returns table (state text, device_id uuid, user_id uuid)
	language plpgsql security definer set search_path = ''
	as $$
declare
	token private.device_tokens;
	successor private.device_tokens;
	device public.devices;
begin
	perform private.require_portal(portal_key);
	select * into token from private.device_tokens as known where known.token_hash = old_hash for update;
	if not found then
		return query select 'unknown', null::uuid, null::uuid;
		return;
	end if;
	select * into device from public.devices as known where known.id = token.device_id for update;
	if device.revoked_at is not null or device.expires_at < now() or device.last_seen_at < now() - private.device_idle() then
		return query select 'ended', device.id, null::uuid;
		return;
	end if;
	if device.key_thumbprint <> rotate_device_token.key_thumbprint then
		perform private.end_device(device.id, 'its token was used with another key');
		return query select 'reused', device.id, null::uuid;
		return;
	end if;
	if token.replaced_by is not null then
		select * into successor from private.device_tokens as known where known.token_hash = token.replaced_by;
		if not found or successor.replaced_by is not null then
			perform private.end_device(device.id, 'an old token came back');
			return query select 'reused', device.id, null::uuid;
			return;
		end if;
		delete from private.device_tokens as known where known.token_hash = successor.token_hash;
	end if;
	insert into private.device_tokens (token_hash, device_id) values (new_hash, device.id);
	update private.device_tokens as known set replaced_by = new_hash where known.token_hash = old_hash;
	update public.devices as known
		set last_seen_at = now(), place = coalesce(rotate_device_token.place, known.place), client = coalesce(rotate_device_token.client, known.client)
		where known.id = device.id;
	return query select 'rotated', device.id, device.user_id;
end
$$;

-- Whose device it is, and what accounts tells it; nothing once it was ended. With a host: the person's role there.
create function public.read_device(portal_key text, of_device uuid, at_host uuid default null)
	returns table (user_id uuid, email text, display_name text, name text, role text)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query select device.user_id, person.email::text, profile.display_name, device.name, member.role
		from public.devices as device
		join auth.users as person on person.id = device.user_id
		join public.profiles as profile on profile.id = device.user_id
		left join public.host_members as member on member.user_id = device.user_id and member.host_id = at_host
		where device.id = of_device and device.revoked_at is null and device.expires_at > now();
end
$$;

-- A device signs itself out.
create function public.end_own_device(portal_key text, of_device uuid) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	perform private.end_device(of_device, 'it signed out');
end
$$;

-- The signed-in person ends a device of theirs, or all of them; how many were ended.
create function public.revoke_devices(of_device uuid default null) returns integer
	language plpgsql security definer set search_path = ''
	as $$
declare
	each_id uuid;
	ended integer := 0;
begin
	if auth.uid() is null then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	for each_id in select device.id from public.devices as device
		where device.user_id = auth.uid() and device.revoked_at is null and (of_device is null or device.id = of_device)
	loop
		perform private.end_device(each_id, 'revoked by its owner');
		ended := ended + 1;
	end loop;
	return ended;
end
$$;

create function public.rename_device(of_device uuid, new_name text) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
begin
	update public.devices as device set name = new_name where device.id = of_device and device.user_id = auth.uid() and device.revoked_at is null;
	return found;
end
$$;

alter table public.devices enable row level security;
revoke all on public.devices from anon, authenticated;
grant select on public.devices to authenticated;

create policy "people see their own devices" on public.devices
	for select to authenticated
	using (user_id = (select auth.uid()));

revoke execute on all functions in schema private from public, anon;
revoke execute on function private.make_device(uuid, uuid, text, text, text, text, text, text, text), private.end_device(uuid, text), private.device_life(), private.device_idle() from authenticated;
revoke execute on function
	public.approve_device_sign_in(text, text, text, text, text, text),
	public.redeem_device_sign_in(text, text, text, text, uuid, text, text, text),
	public.start_device_request(text, text, text, text, text, text, text, text),
	public.find_device_request(text, text),
	public.answer_device_request(text, text, boolean),
	public.poll_device_request(text, text, text, uuid, text, text, text),
	public.rotate_device_token(text, text, text, text, text, text),
	public.read_device(text, uuid, uuid),
	public.end_own_device(text, uuid),
	public.revoke_devices(uuid),
	public.rename_device(uuid, text)
	from public, anon, authenticated;
grant execute on function
	public.redeem_device_sign_in(text, text, text, text, uuid, text, text, text),
	public.start_device_request(text, text, text, text, text, text, text, text),
	public.poll_device_request(text, text, text, uuid, text, text, text),
	public.rotate_device_token(text, text, text, text, text, text),
	public.read_device(text, uuid, uuid),
	public.end_own_device(text, uuid)
	to anon;
grant execute on function
	public.approve_device_sign_in(text, text, text, text, text, text),
	public.find_device_request(text, text),
	public.answer_device_request(text, text, boolean),
	public.revoke_devices(uuid),
	public.rename_device(uuid, text)
	to authenticated;
