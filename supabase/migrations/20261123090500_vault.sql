-- What clients sealed for themselves. Nothing here can be opened by the server: it keeps the newest version of everything,
-- refuses writes that did not know it, and lets only the owner (or a device of theirs that is not revoked) ask.
create table public.vaults (
	user_id uuid primary key references auth.users (id) on delete cascade,
	id uuid not null unique,
	-- The two ways to the root key; one more revision with every change.
	root jsonb not null check (jsonb_typeof(root) = 'object' and pg_column_size(root) <= 4096),
	root_revision integer not null default 1,
	epoch integer not null default 1 check (epoch >= 1),
	manifest jsonb not null check (jsonb_typeof(manifest) = 'object' and pg_column_size(manifest) <= 1024),
	counter bigint not null default 1 check (counter >= 1),
	-- One more with every item that is written: what a client asks to continue from.
	change bigint not null default 0,
	stored_characters bigint not null default 0,
	-- A device that had the user key was revoked since the epoch began.
	rekey_due boolean not null default false,
	created_at timestamptz not null default now()
);

create table public.vault_epochs (
	user_id uuid not null references public.vaults (user_id) on delete cascade,
	epoch integer not null check (epoch >= 1),
	wrap jsonb not null check (jsonb_typeof(wrap) = 'object' and pg_column_size(wrap) <= 2048),
	created_at timestamptz not null default now(),
	primary key (user_id, epoch)
);

create table public.vault_devices (
	device_id uuid primary key references public.devices (id) on delete cascade,
	user_id uuid not null references public.vaults (user_id) on delete cascade,
	wrap jsonb not null check (jsonb_typeof(wrap) = 'object' and pg_column_size(wrap) <= 2048),
	created_at timestamptz not null default now()
);

create index vault_devices_by_user on public.vault_devices (user_id);

create table public.vault_item_versions (
	user_id uuid not null references public.vaults (user_id) on delete cascade,
	item_id uuid not null,
	version integer not null check (version >= 1),
	epoch integer not null,
	summary text not null check (char_length(summary) between 38 and 16384 and summary ~ '^[A-Za-z0-9_-]+$'),
	secret text not null check (char_length(secret) between 38 and 1450000 and secret ~ '^[A-Za-z0-9_-]+$'),
	saved_at timestamptz not null default now(),
	primary key (user_id, item_id, version),
	foreign key (user_id, epoch) references public.vault_epochs (user_id, epoch)
);

-- The newest version of every item, in the order of its last change.
create table public.vault_items (
	user_id uuid not null,
	item_id uuid not null,
	version integer not null,
	change bigint not null,
	primary key (user_id, item_id),
	unique (user_id, change),
	foreign key (user_id, item_id, version) references public.vault_item_versions (user_id, item_id, version) on delete cascade
);

-- Between a new device and a browser that has the vault open: public halves, then a sealed gift that is given out once.
create table public.vault_pairings (
	id uuid primary key,
	user_id uuid not null references auth.users (id) on delete cascade,
	device_id uuid not null references public.devices (id) on delete cascade,
	device_name text not null,
	commitment text not null check (commitment ~ '^[A-Za-z0-9_-]{43}$'),
	answer jsonb check (pg_column_size(answer) <= 512),
	reveal jsonb check (pg_column_size(reveal) <= 512),
	sealed text check (char_length(sealed) <= 2048 and sealed ~ '^[A-Za-z0-9_-]+$'),
	expires_at timestamptz not null default now() + interval '5 minutes'
);

create index vault_pairings_by_user on public.vault_pairings (user_id, expires_at);

alter table public.vaults enable row level security;
alter table public.vault_epochs enable row level security;
alter table public.vault_devices enable row level security;
alter table public.vault_item_versions enable row level security;
alter table public.vault_items enable row level security;
alter table public.vault_pairings enable row level security;

revoke all on public.vaults, public.vault_epochs, public.vault_devices, public.vault_item_versions, public.vault_items, public.vault_pairings
	from anon, authenticated;
grant select on public.vaults, public.vault_epochs, public.vault_devices, public.vault_item_versions, public.vault_items to authenticated;

create policy "people read their own vault" on public.vaults for select to authenticated using (user_id = (select auth.uid()));
create policy "people read their own epochs" on public.vault_epochs for select to authenticated using (user_id = (select auth.uid()));
create policy "people read their own vault devices" on public.vault_devices for select to authenticated using (user_id = (select auth.uid()));
create policy "people read their own item versions" on public.vault_item_versions for select to authenticated using (user_id = (select auth.uid()));
create policy "people read their own items" on public.vault_items for select to authenticated using (user_id = (select auth.uid()));

-- The signed-in person, by way of accounts; a token whose session was ended is refused although it is still valid.
create function private.vault_person(portal_key text) returns uuid
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	if auth.uid() is null
		or not exists (select from auth.sessions as session where session.user_id = auth.uid() and session.id::text = auth.jwt() ->> 'session_id')
	then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	return auth.uid();
end
$$;

-- The signed-in person, or the owner of the device that accounts vouches for.
create function private.vault_actor(portal_key text, of_device uuid) returns uuid
	language plpgsql stable security definer set search_path = ''
	as $$
declare
	owner uuid;
begin
	if of_device is null then
		return private.vault_person(portal_key);
	end if;
	perform private.require_portal(portal_key);
	select device.user_id into owner from public.devices as device
		where device.id = of_device and device.revoked_at is null and device.expires_at > now();
	if not found then
		raise exception 'This device is signed out.' using errcode = '42501';
	end if;
	return owner;
end
$$;

create function private.vault_time(instant timestamptz) returns text
	language sql immutable set search_path = ''
	as $$ select to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

create function private.vault_version_json(stored public.vault_item_versions) returns jsonb
	language sql immutable set search_path = ''
	as $$
	select jsonb_build_object('itemId', stored.item_id, 'version', stored.version, 'epoch', stored.epoch,
		'summary', stored.summary, 'secret', stored.secret, 'savedAt', private.vault_time(stored.saved_at))
$$;

create function private.vault_conflict(reason text) returns jsonb
	language sql immutable set search_path = ''
	as $$ select jsonb_build_object('state', 'conflict', 'reason', reason) $$;

-- Everything but the items.
create function public.vault_read(portal_key text, of_device uuid default null) returns jsonb
	language plpgsql stable security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
begin
	return jsonb_build_object('userId', actor, 'vault', (
		select jsonb_build_object(
			'vaultId', vault.id, 'rootRevision', vault.root_revision, 'root', vault.root, 'manifest', vault.manifest, 'rekeyDue', vault.rekey_due,
			'epochs', (select jsonb_agg(epoch.wrap order by epoch.epoch desc) from public.vault_epochs as epoch where epoch.user_id = actor),
			'devices', (select coalesce(jsonb_agg(device.wrap order by device.created_at), '[]') from public.vault_devices as device where device.user_id = actor))
		from public.vaults as vault where vault.user_id = actor));
end
$$;

-- Newest versions that changed after a number, about four megabytes at a time, with the manifest of the same moment.
create function public.vault_items_after(portal_key text, of_device uuid default null, after_change bigint default 0, most integer default 200) returns jsonb
	language plpgsql stable security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
	vault public.vaults;
	page jsonb;
	last_change bigint;
begin
	select * into vault from public.vaults as own where own.user_id = actor;
	if not found then
		return private.vault_conflict('missing');
	end if;
	select coalesce(jsonb_agg(private.vault_version_json(sized.stored) order by sized.change), '[]'), coalesce(max(sized.change), after_change)
		into page, last_change
		from (
			select item.change, stored,
				sum(char_length(stored.secret)) over (order by item.change) - char_length(stored.secret) as characters_before
			from public.vault_items as item
			join public.vault_item_versions as stored on stored.user_id = item.user_id and stored.item_id = item.item_id and stored.version = item.version
			where item.user_id = actor and item.change > after_change
			order by item.change limit least(most, 200)
		) as sized
		where sized.characters_before < 4000000;
	return jsonb_build_object('state', 'ok', 'answer', jsonb_build_object('items', page, 'manifest', vault.manifest, 'change', last_change,
		'more', exists (select from public.vault_items as item where item.user_id = actor and item.change > last_change)));
end
$$;

-- Versions of one item below a number, the newest first.
create function public.vault_history(portal_key text, of_item uuid, of_device uuid default null, before_version integer default null) returns jsonb
	language plpgsql stable security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
	page jsonb;
	oldest integer;
begin
	select coalesce(jsonb_agg(private.vault_version_json(sized.stored) order by (sized.stored).version desc), '[]'), min((sized.stored).version)
		into page, oldest
		from (
			select stored, sum(char_length(stored.secret)) over (order by stored.version desc) - char_length(stored.secret) as characters_before
			from public.vault_item_versions as stored
			where stored.user_id = actor and stored.item_id = of_item and (before_version is null or stored.version < before_version)
			order by stored.version desc limit 50
		) as sized
		where sized.characters_before < 4000000;
	return jsonb_build_object('versions', page, 'more', coalesce(oldest, 1) > 1);
end
$$;

create function public.vault_create(portal_key text, vault_id uuid, root jsonb, epoch jsonb, manifest jsonb) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_person(portal_key);
begin
	insert into public.vaults (user_id, id, root, manifest) values (actor, vault_id, vault_create.root, vault_create.manifest) on conflict do nothing;
	if not found then
		return private.vault_conflict('exists');
	end if;
	insert into public.vault_epochs (user_id, epoch, wrap) values (actor, 1, vault_create.epoch);
	perform private.log_security_event(actor, 'vault.created', '{}');
	return jsonb_build_object('state', 'ok');
end
$$;

-- Writes new versions and the manifest that covers them, all or nothing. Each version must be the one after the newest,
-- the manifest's counter the one after the last, the epoch the present one: otherwise somebody else wrote first.
create function public.vault_write(portal_key text, items jsonb, manifest jsonb, of_device uuid default null) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
	vault public.vaults;
	written jsonb;
	newest integer;
	item_count bigint;
begin
	select * into vault from public.vaults as own where own.user_id = actor for update;
	if not found then
		return private.vault_conflict('missing');
	end if;
	if (vault_write.manifest ->> 'epoch')::integer <> vault.epoch then
		return private.vault_conflict('epoch');
	end if;
	select count(*) into item_count from public.vault_items as item where item.user_id = actor;
	for written in select * from jsonb_array_elements(items) loop
		select item.version into newest from public.vault_items as item where item.user_id = actor and item.item_id = (written ->> 'itemId')::uuid;
		if (written ->> 'version')::integer <> coalesce(newest, 0) + 1 then
			return private.vault_conflict('item');
		end if;
		if (written ->> 'epoch')::integer <> vault.epoch then
			return private.vault_conflict('epoch');
		end if;
		item_count := item_count + case when newest is null then 1 else 0 end;
		vault.stored_characters := vault.stored_characters + char_length(written ->> 'summary') + char_length(written ->> 'secret');
	end loop;
	if (vault_write.manifest ->> 'counter')::bigint <> vault.counter + 1 then
		return private.vault_conflict('manifest');
	end if;
	if item_count <> (vault_write.manifest ->> 'itemCount')::bigint then
		return private.vault_conflict('manifest');
	end if;
	if item_count > 10000 or vault.stored_characters > 100000000 then
		return jsonb_build_object('state', 'full');
	end if;
	for written in select * from jsonb_array_elements(items) loop
		vault.change := vault.change + 1;
		insert into public.vault_item_versions (user_id, item_id, version, epoch, summary, secret)
		values (actor, (written ->> 'itemId')::uuid, (written ->> 'version')::integer, vault.epoch, written ->> 'summary', written ->> 'secret');
		insert into public.vault_items (user_id, item_id, version, change)
		values (actor, (written ->> 'itemId')::uuid, (written ->> 'version')::integer, vault.change)
		on conflict (user_id, item_id) do update set version = excluded.version, change = excluded.change;
	end loop;
	update public.vaults as own
		set manifest = vault_write.manifest, counter = vault.counter + 1, change = vault.change, stored_characters = vault.stored_characters
		where own.user_id = actor;
	return jsonb_build_object('state', 'ok');
end
$$;

create function public.vault_replace_root(portal_key text, expected_revision integer, root jsonb) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_person(portal_key);
begin
	update public.vaults as own set root = vault_replace_root.root, root_revision = own.root_revision + 1
		where own.user_id = actor and own.root_revision = expected_revision;
	if not found then
		return private.vault_conflict('root');
	end if;
	perform private.log_security_event(actor, 'vault.passphrase_changed', '{}');
	return jsonb_build_object('state', 'ok');
end
$$;

-- A new user key: only the devices named here can open what is written from now on.
create function public.vault_advance_epoch(portal_key text, epoch jsonb, devices jsonb, manifest jsonb) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_person(portal_key);
	vault public.vaults;
	new_epoch integer := (vault_advance_epoch.epoch ->> 'epoch')::integer;
	wrap jsonb;
begin
	select * into vault from public.vaults as own where own.user_id = actor for update;
	if not found then
		return private.vault_conflict('missing');
	end if;
	if new_epoch <> vault.epoch + 1 or (vault_advance_epoch.manifest ->> 'epoch')::integer <> new_epoch then
		return private.vault_conflict('epoch');
	end if;
	if (vault_advance_epoch.manifest ->> 'counter')::bigint <> vault.counter + 1 then
		return private.vault_conflict('manifest');
	end if;
	for wrap in select * from jsonb_array_elements(devices) loop
		if (wrap ->> 'epoch')::integer <> new_epoch then
			return private.vault_conflict('epoch');
		end if;
		if not exists (select from public.devices as device
			where device.id = (wrap ->> 'deviceId')::uuid and device.user_id = actor and device.revoked_at is null)
		then
			return private.vault_conflict('device');
		end if;
	end loop;
	insert into public.vault_epochs (user_id, epoch, wrap) values (actor, new_epoch, vault_advance_epoch.epoch);
	delete from public.vault_devices as device where device.user_id = actor;
	insert into public.vault_devices (device_id, user_id, wrap)
	select (each.wrap ->> 'deviceId')::uuid, actor, each.wrap from jsonb_array_elements(devices) as each(wrap);
	update public.vaults as own set epoch = new_epoch, manifest = vault_advance_epoch.manifest, counter = vault.counter + 1, rekey_due = false
		where own.user_id = actor;
	perform private.log_security_event(actor, 'vault.rekeyed', jsonb_build_object('epoch', new_epoch));
	return jsonb_build_object('state', 'ok');
end
$$;

create function public.vault_add_device(portal_key text, wrap jsonb) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_person(portal_key);
begin
	if not exists (select from public.vaults as own where own.user_id = actor and own.epoch = (wrap ->> 'epoch')::integer) then
		return private.vault_conflict('epoch');
	end if;
	if (select count(*) from public.vault_devices as device where device.user_id = actor) >= 50 then
		return jsonb_build_object('state', 'full');
	end if;
	insert into public.vault_devices (device_id, user_id, wrap)
	select device.id, actor, vault_add_device.wrap from public.devices as device
	where device.id = (vault_add_device.wrap ->> 'deviceId')::uuid and device.user_id = actor and device.revoked_at is null
	on conflict (device_id) do update set wrap = excluded.wrap;
	if not found then
		return private.vault_conflict('device');
	end if;
	perform private.log_security_event(actor, 'vault.device_added', jsonb_build_object('device', vault_add_device.wrap ->> 'deviceId'));
	return jsonb_build_object('state', 'ok');
end
$$;

-- Everything in the vault is gone; nobody can open it first.
create function public.vault_remove(portal_key text, vault_id uuid) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_person(portal_key);
begin
	delete from public.vaults as own where own.user_id = actor and own.id = vault_id;
	if not found then
		return private.vault_conflict('missing');
	end if;
	perform private.log_security_event(actor, 'vault.removed', '{}');
	return jsonb_build_object('state', 'ok');
end
$$;

-- A device that is revoked loses its wrap at once, and the vault waits for its owner to make a new user key.
create function private.drop_vault_device() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
begin
	delete from public.vault_pairings as pairing where pairing.device_id = old.id;
	delete from public.vault_devices as device where device.device_id = old.id;
	if found then
		update public.vaults as own set rekey_due = true where own.user_id = old.user_id;
	end if;
	return null;
end
$$;

create trigger drop_vault_device
	after update on public.devices
	for each row
	when (old.revoked_at is null and new.revoked_at is not null)
	execute function private.drop_vault_device();

create function private.pairing_json(pairing public.vault_pairings) returns jsonb
	language sql immutable set search_path = ''
	as $$
	select jsonb_build_object('pairingId', pairing.id, 'deviceId', pairing.device_id, 'deviceName', pairing.device_name, 'commitment', pairing.commitment,
		'answer', pairing.answer, 'reveal', pairing.reveal, 'sealed', null, 'expiresAt', private.vault_time(pairing.expires_at))
$$;

-- A device asks to be let in. Only accounts can say that it is one.
create function public.vault_pairing_open(portal_key text, of_device uuid, pairing_id uuid, device_name text, commitment text) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid;
begin
	if of_device is null then
		raise exception 'Only devices ask to be let in.' using errcode = '42501';
	end if;
	actor := private.vault_actor(portal_key, of_device);
	delete from public.vault_pairings as old where old.expires_at < now() or old.device_id = of_device;
	if (select count(*) from public.vault_pairings as open where open.user_id = actor) >= 5 then
		return jsonb_build_object('state', 'full');
	end if;
	insert into public.vault_pairings (id, user_id, device_id, device_name, commitment)
	select pairing_id, actor, device.id, vault_pairing_open.device_name, vault_pairing_open.commitment
	from public.devices as device where device.id = of_device;
	return jsonb_build_object('state', 'ok');
end
$$;

-- Open pairings: a device's own, with the gift, which is then gone; or all of the person's, without it.
create function public.vault_pairings_read(portal_key text, of_device uuid default null) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
	own public.vault_pairings;
begin
	if of_device is null then
		return jsonb_build_object('pairings', (
			select coalesce(jsonb_agg(private.pairing_json(pairing) order by pairing.expires_at), '[]')
			from public.vault_pairings as pairing where pairing.user_id = actor and pairing.expires_at > now() and pairing.sealed is null));
	end if;
	select * into own from public.vault_pairings as pairing where pairing.device_id = of_device and pairing.expires_at > now() for update;
	if not found then
		return jsonb_build_object('pairings', '[]'::jsonb);
	end if;
	if own.sealed is not null then
		delete from public.vault_pairings as pairing where pairing.id = own.id;
	end if;
	return jsonb_build_object('pairings', jsonb_build_array(private.pairing_json(own) || jsonb_build_object('sealed', own.sealed)));
end
$$;

-- One step of a pairing: the browser answers, the device reveals, the browser seals; each once and in this order.
create function public.vault_pairing_step(portal_key text, pairing_id uuid, step text, half jsonb default null, sealed text default null, of_device uuid default null) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
begin
	update public.vault_pairings as pairing
		set answer = case when step = 'answer' then half else pairing.answer end,
			reveal = case when step = 'reveal' then half else pairing.reveal end,
			sealed = case when step = 'seal' then vault_pairing_step.sealed else pairing.sealed end
		where pairing.id = pairing_id and pairing.user_id = actor and pairing.expires_at > now() and pairing.sealed is null
			and case step
				when 'answer' then of_device is null and half is not null and pairing.answer is null
				when 'reveal' then of_device = pairing.device_id and half is not null and pairing.answer is not null and pairing.reveal is null
				when 'seal' then of_device is null and vault_pairing_step.sealed is not null and pairing.reveal is not null
				else false
			end;
	return case when found then jsonb_build_object('state', 'ok') else private.vault_conflict('missing') end;
end
$$;

-- Either side ends it.
create function public.vault_pairing_end(portal_key text, pairing_id uuid, of_device uuid default null) returns jsonb
	language plpgsql security definer set search_path = ''
	as $$
declare
	actor uuid := private.vault_actor(portal_key, of_device);
begin
	delete from public.vault_pairings as pairing
		where pairing.id = pairing_id and pairing.user_id = actor and (of_device is null or pairing.device_id = of_device);
	return case when found then jsonb_build_object('state', 'ok') else private.vault_conflict('missing') end;
end
$$;

revoke execute on function
	private.vault_person(text), private.vault_actor(text, uuid), private.vault_time(timestamptz), private.vault_version_json(public.vault_item_versions),
	private.vault_conflict(text), private.drop_vault_device(), private.pairing_json(public.vault_pairings)
	from public, anon, authenticated;
revoke execute on function
	public.vault_read(text, uuid),
	public.vault_items_after(text, uuid, bigint, integer),
	public.vault_history(text, uuid, uuid, integer),
	public.vault_create(text, uuid, jsonb, jsonb, jsonb),
	public.vault_write(text, jsonb, jsonb, uuid),
	public.vault_replace_root(text, integer, jsonb),
	public.vault_advance_epoch(text, jsonb, jsonb, jsonb),
	public.vault_add_device(text, jsonb),
	public.vault_remove(text, uuid),
	public.vault_pairing_open(text, uuid, uuid, text, text),
	public.vault_pairings_read(text, uuid),
	public.vault_pairing_step(text, uuid, text, jsonb, text, uuid),
	public.vault_pairing_end(text, uuid, uuid)
	from public, anon, authenticated;
-- All ask for the portal's key: the vault is reached through accounts only. A device has no session of the back end.
grant execute on function
	public.vault_read(text, uuid),
	public.vault_items_after(text, uuid, bigint, integer),
	public.vault_history(text, uuid, uuid, integer),
	public.vault_write(text, jsonb, jsonb, uuid),
	public.vault_pairing_open(text, uuid, uuid, text, text),
	public.vault_pairings_read(text, uuid),
	public.vault_pairing_step(text, uuid, text, jsonb, text, uuid),
	public.vault_pairing_end(text, uuid, uuid)
	to anon, authenticated;
grant execute on function
	public.vault_create(text, uuid, jsonb, jsonb, jsonb),
	public.vault_replace_root(text, integer, jsonb),
	public.vault_advance_epoch(text, jsonb, jsonb, jsonb),
	public.vault_add_device(text, jsonb),
	public.vault_remove(text, uuid)
	to authenticated;
