-- Second factors of accounts itself, the same on every back end. A secret is sealed by accounts before it comes here.
create table private.totp_factors (
	user_id uuid primary key references auth.users (id) on delete cascade,
	sealed_secret text not null check (char_length(sealed_secret) <= 400),
	confirmed_at timestamptz,
	-- A code is good once (RFC 6238 §5.2): the last time step that was used.
	last_step bigint not null default 0
);

create table private.recovery_codes (
	user_id uuid not null references auth.users (id) on delete cascade,
	code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
	primary key (user_id, code_hash)
);

create table public.passkeys (
	id text primary key check (id ~ '^[A-Za-z0-9_-]+$' and char_length(id) between 16 and 1400),
	user_id uuid not null references auth.users (id) on delete cascade,
	name text not null check (char_length(name) between 1 and 80 and name = btrim(name) and name !~ '[[:cntrl:]]'),
	-- COSE key in base64url; public.
	public_key text not null check (char_length(public_key) <= 4096),
	counter bigint not null default 0,
	transports text[] not null default '{}',
	created_at timestamptz not null default now(),
	last_used_at timestamptz
);

create index passkeys_by_user on public.passkeys (user_id);

-- What a browser was asked to sign, by session; one at a time, five minutes.
create table private.passkey_challenges (
	session_id uuid primary key references auth.sessions (id) on delete cascade,
	challenge text not null,
	expires_at timestamptz not null
);

-- When a session last proved a second factor.
create table private.second_factor_proofs (
	session_id uuid primary key references auth.sessions (id) on delete cascade,
	proved_at timestamptz not null default now()
);

-- Who asks, once the portal's key and a session of theirs are certain.
create function private.portal_session(portal_key text) returns uuid
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.current_session_id();
begin
	perform private.require_portal(portal_key);
	if not exists (select from auth.sessions as session where session.id = this_session and session.user_id = auth.uid()) then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	return this_session;
end
$$;

create function private.note_second_factor(this_session uuid) returns void
	language sql security definer set search_path = ''
	as $$
	insert into private.second_factor_proofs (session_id) values (this_session)
	on conflict (session_id) do update set proved_at = now()
$$;

-- What a person has enrolled, and whether this session proved one of it in the last ten minutes.
create function public.read_second_factors(portal_key text)
	returns table (has_totp boolean, passkey_count integer, recovery_code_count integer, is_proved boolean)
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
begin
	return query select
		exists (select from private.totp_factors as factor where factor.user_id = auth.uid() and factor.confirmed_at is not null),
		(select count(*)::integer from public.passkeys as passkey where passkey.user_id = auth.uid()),
		(select count(*)::integer from private.recovery_codes as code where code.user_id = auth.uid()),
		exists (select from private.second_factor_proofs as proof where proof.session_id = this_session and proof.proved_at > now() - interval '10 minutes');
end
$$;

-- Begins to enrol; one that was not confirmed yet is replaced, a confirmed one is not.
create function public.put_totp(portal_key text, sealed_secret text) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.portal_session(portal_key);
	insert into private.totp_factors (user_id, sealed_secret) values (auth.uid(), put_totp.sealed_secret)
		on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0
		where private.totp_factors.confirmed_at is null;
	return found;
end
$$;

create function public.read_totp(portal_key text) returns table (sealed_secret text, is_confirmed boolean)
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.portal_session(portal_key);
	return query select factor.sealed_secret, factor.confirmed_at is not null from private.totp_factors as factor where factor.user_id = auth.uid();
end
$$;

-- Accounts found the code of this time step right; true the first time only. Confirms a new factor.
create function public.use_totp_step(portal_key text, step bigint) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
	was_confirmed boolean;
begin
	select factor.confirmed_at is not null into was_confirmed from private.totp_factors as factor
		where factor.user_id = auth.uid() and factor.last_step < step for update;
	if not found then
		return false;
	end if;
	update private.totp_factors as factor set last_step = step, confirmed_at = coalesce(factor.confirmed_at, now()) where factor.user_id = auth.uid();
	if not was_confirmed then
		perform private.log_security_event(auth.uid(), 'second_factor.added', jsonb_build_object('factor', 'authenticator app'));
	end if;
	perform private.note_second_factor(this_session);
	return true;
end
$$;

create function public.remove_totp(portal_key text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.portal_session(portal_key);
	delete from private.totp_factors as factor where factor.user_id = auth.uid();
	if found then
		perform private.log_security_event(auth.uid(), 'second_factor.removed', jsonb_build_object('factor', 'authenticator app'));
	end if;
end
$$;

-- New codes replace all old ones.
create function public.put_recovery_codes(portal_key text, code_hashes text[]) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	perform private.portal_session(portal_key);
	delete from private.recovery_codes as code where code.user_id = auth.uid();
	insert into private.recovery_codes (user_id, code_hash) select auth.uid(), given from unnest(code_hashes) as given;
	perform private.log_security_event(auth.uid(), 'recovery_codes.made', jsonb_build_object('count', cardinality(code_hashes)));
end
$$;

create function public.use_recovery_code(portal_key text, code_hash text) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
begin
	delete from private.recovery_codes as code where code.user_id = auth.uid() and code.code_hash = use_recovery_code.code_hash;
	if not found then
		return false;
	end if;
	perform private.note_second_factor(this_session);
	perform private.log_security_event(auth.uid(), 'recovery_code.used',
		jsonb_build_object('left', (select count(*) from private.recovery_codes as code where code.user_id = auth.uid())));
	return true;
end
$$;

create function public.put_passkey_challenge(portal_key text, challenge text) returns void
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
begin
	insert into private.passkey_challenges (session_id, challenge, expires_at) values (this_session, put_passkey_challenge.challenge, now() + interval '5 minutes')
		on conflict (session_id) do update set challenge = excluded.challenge, expires_at = excluded.expires_at;
end
$$;

-- The challenge of this session, once.
create function public.take_passkey_challenge(portal_key text) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
	taken private.passkey_challenges;
begin
	delete from private.passkey_challenges as asked where asked.session_id = this_session returning * into taken;
	return case when taken.expires_at > now() then taken.challenge end;
end
$$;

create function public.add_passkey(portal_key text, id text, name text, public_key text, counter bigint, transports text[]) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
begin
	if (select count(*) from public.passkeys as passkey where passkey.user_id = auth.uid()) >= 10 then
		return false;
	end if;
	insert into public.passkeys (id, user_id, name, public_key, counter, transports)
		values (add_passkey.id, auth.uid(), add_passkey.name, add_passkey.public_key, add_passkey.counter, add_passkey.transports)
		on conflict do nothing;
	if not found then
		return false;
	end if;
	perform private.note_second_factor(this_session);
	perform private.log_security_event(auth.uid(), 'second_factor.added', jsonb_build_object('factor', 'passkey', 'name', add_passkey.name));
	return true;
end
$$;

-- Accounts verified a signature of this passkey. A counter that does not rise is a copied key (WebAuthn level 3 §6.1.1).
create function public.use_passkey(portal_key text, id text, new_counter bigint) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	this_session uuid := private.portal_session(portal_key);
begin
	update public.passkeys as passkey set counter = new_counter, last_used_at = now()
		where passkey.id = use_passkey.id and passkey.user_id = auth.uid() and (new_counter > passkey.counter or (new_counter = 0 and passkey.counter = 0));
	if not found then
		return false;
	end if;
	perform private.note_second_factor(this_session);
	return true;
end
$$;

create function public.remove_passkey(portal_key text, id text) returns boolean
	language plpgsql security definer set search_path = ''
	as $$
declare
	gone public.passkeys;
begin
	perform private.portal_session(portal_key);
	delete from public.passkeys as passkey where passkey.id = remove_passkey.id and passkey.user_id = auth.uid() returning * into gone;
	if gone.id is null then
		return false;
	end if;
	perform private.log_security_event(auth.uid(), 'second_factor.removed', jsonb_build_object('factor', 'passkey', 'name', gone.name));
	return true;
end
$$;

alter table public.passkeys enable row level security;
revoke all on public.passkeys from anon, authenticated;
grant select on public.passkeys to authenticated;

create policy "people see their own passkeys" on public.passkeys
	for select to authenticated
	using (user_id = (select auth.uid()));

revoke execute on function private.portal_session(text), private.note_second_factor(uuid) from public, anon, authenticated;
revoke execute on function
	public.read_second_factors(text), public.put_totp(text, text), public.read_totp(text), public.use_totp_step(text, bigint), public.remove_totp(text),
	public.put_recovery_codes(text, text[]), public.use_recovery_code(text, text), public.put_passkey_challenge(text, text),
	public.take_passkey_challenge(text), public.add_passkey(text, text, text, text, bigint, text[]), public.use_passkey(text, text, bigint),
	public.remove_passkey(text, text)
	from public, anon, authenticated;
grant execute on function
	public.read_second_factors(text), public.put_totp(text, text), public.read_totp(text), public.use_totp_step(text, bigint), public.remove_totp(text),
	public.put_recovery_codes(text, text[]), public.use_recovery_code(text, text), public.put_passkey_challenge(text, text),
	public.take_passkey_challenge(text), public.add_passkey(text, text, text, text, bigint, text[]), public.use_passkey(text, text, bigint),
	public.remove_passkey(text, text)
	to authenticated;
