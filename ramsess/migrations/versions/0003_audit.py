"""journal of readings and changes: a chain of events, their details apart

Revision ID: 0003
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The lock of the chain: who holds it writes the next link. It is the last lock of a transaction.
LOCK = 0x52414D54

# pgcrypto is absent: sha256() and gen_random_uuid() are PostgreSQL's own. Every function that is
# called from outside says its search path, so that it may run with the rights of its owner; the
# two that they call say none, so that the planner can inline them.
FUNCTIONS = [
    """
CREATE FUNCTION audit_field(value text) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN value IS NULL THEN '-' ELSE octet_length(value) || ':' || value END $$
""",
    """
CREATE FUNCTION audit_commitment(salt text, account int, structure int, person int, record text)
RETURNS text LANGUAGE sql IMMUTABLE
AS $$
    SELECT encode(sha256(decode(salt, 'hex') || convert_to(
        audit_field(account::text) || audit_field(structure::text)
        || audit_field(person::text) || audit_field(record), 'UTF8')), 'hex')
$$
""",
    f"""
CREATE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    SELECT id, digest INTO last FROM audit_events ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous := coalesce(last.digest, repeat('0', 64));
    NEW.digest := encode(sha256(convert_to(concat_ws('|',
        NEW.previous, NEW.id,
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.action, NEW.commitment), 'UTF8')), 'hex');
    RETURN NEW;
END
$$
""",
    """
CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'Le journal ne se modifie pas.' USING ERRCODE = 'insufficient_privilege';
END
$$
""",
    # The foreign key's SET NULL comes through here too: a person's history goes with her.
    """
CREATE FUNCTION audit_erase() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF OLD.person_id IS NULL OR NEW.person_id IS NOT NULL OR NEW.event_id <> OLD.event_id
        OR NEW.account_id IS DISTINCT FROM OLD.account_id
        OR NEW.structure_id IS DISTINCT FROM OLD.structure_id
    THEN
        RAISE EXCEPTION 'Le journal ne se modifie pas.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.record := NULL;
    NEW.salt := NULL;
    NEW.erased_at := clock_timestamp();
    RETURN NEW;
END
$$
""",
    # The rows that foreign keys hold are held first: under the lock of the chain nothing is waited
    # for, so two writers cannot wait for each other. About a person erased meanwhile, the event
    # stays and its details are born erased.
    f"""
CREATE FUNCTION audit_note_many(
    actions text[], account_ids int[], structure_ids int[], person_ids int[], records text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    salts text[];
    commitments text[];
    before bigint;
BEGIN
    PERFORM FROM accounts WHERE id = ANY (account_ids) ORDER BY id FOR KEY SHARE;
    PERFORM FROM structures WHERE id = ANY (structure_ids) ORDER BY id FOR KEY SHARE;
    PERFORM FROM beneficiaries WHERE id = ANY (person_ids) ORDER BY id FOR KEY SHARE;
    SELECT array_agg(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
        || uuid_send(gen_random_uuid())), 'hex'))
    INTO salts FROM unnest(actions);
    SELECT array_agg(audit_commitment(salt, account, structure, person, record) ORDER BY place)
    INTO commitments
    FROM unnest(salts, account_ids, structure_ids, person_ids, records) WITH ORDINALITY
        AS given(salt, account, structure, person, record, place);
    PERFORM pg_advisory_xact_lock({LOCK});
    SELECT coalesce(max(id), 0) INTO before FROM audit_events;
    INSERT INTO audit_events (action, commitment)
    SELECT action, commitment
    FROM unnest(actions, commitments) WITH ORDINALITY AS given(action, commitment, place)
    ORDER BY place;
    INSERT INTO audit_details
        (event_id, account_id, structure_id, person_id, record, salt, erased_at)
    SELECT before + place, account, structure, known.id,
        CASE WHEN gone THEN NULL ELSE record END,
        CASE WHEN gone THEN NULL ELSE salt END,
        CASE WHEN gone THEN clock_timestamp() END
    FROM unnest(account_ids, structure_ids, person_ids, records, salts) WITH ORDINALITY
        AS given(account, structure, person, record, salt, place)
    LEFT JOIN beneficiaries AS known ON known.id = person
    CROSS JOIN LATERAL (SELECT known.id IS NULL AND person IS NOT NULL AS gone) AS fate;
END
$$
""",
    """
CREATE FUNCTION audit_note(action text, account int, structure int, person int, record text)
RETURNS void LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT audit_note_many(
        ARRAY[action], ARRAY[account], ARRAY[structure], ARRAY[person], ARRAY[record])
$$
""",
    """
CREATE FUNCTION audit_forget(person int) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH erased AS (
        UPDATE audit_details SET person_id = NULL WHERE person_id = person RETURNING event_id
    ) SELECT count(*) FROM erased
$$
""",
]

TRIGGERS = [
    "CREATE TRIGGER audit_link BEFORE INSERT ON audit_events "
    "FOR EACH ROW EXECUTE FUNCTION audit_link()",
    "CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_refuse BEFORE DELETE OR TRUNCATE ON audit_details "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_erase BEFORE UPDATE ON audit_details "
    "FOR EACH ROW EXECUTE FUNCTION audit_erase()",
]

SIGNATURES = [
    "audit_forget(int)",
    "audit_note(text, int, int, int, text)",
    "audit_note_many(text[], int[], int[], int[], text[])",
    "audit_erase()",
    "audit_refuse()",
    "audit_link()",
    "audit_commitment(text, int, int, int, text)",
    "audit_field(text)",
]


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "action ~ '^[a-z][a-z_]*$'", name=op.f("ck_audit_events_action_is_plain")
        ),
        sa.CheckConstraint(
            "commitment ~ '^[0-9a-f]{64}$' AND previous ~ '^[0-9a-f]{64}$' "
            "AND digest ~ '^[0-9a-f]{64}$'",
            name=op.f("ck_audit_events_digests_are_sha256"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "audit_details",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("structure_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("record", sa.String(40), nullable=True),
        sa.Column("salt", sa.String(64), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(salt IS NULL) = (erased_at IS NOT NULL)",
            name=op.f("ck_audit_details_salt_until_erased"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (person_id IS NULL AND record IS NULL)",
            name=op.f("ck_audit_details_erased_is_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_events.id"], name=op.f("fk_audit_details_event_id_audit_events")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_audit_details_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_audit_details_structure_id_structures"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["beneficiaries.id"],
            name=op.f("fk_audit_details_person_id_beneficiaries"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_details")),
    )
    for name in ("account_id", "structure_id"):
        op.create_index(op.f(f"ix_audit_details_{name}"), "audit_details", [name])
    for name in ("person_id", "record"):
        op.create_index(f"ix_audit_details_{name}", "audit_details", [name, "event_id"])
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.drop_table("audit_details")
    op.drop_table("audit_events")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
