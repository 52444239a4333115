-- Signed seals of the audit log: the documents as they lie in the store that nobody writes twice. stored_at: when that store had it.
CREATE TABLE audit_seal (
    number      bigint      PRIMARY KEY CHECK (number > 0),
    document    text        NOT NULL,
    stored_at   timestamptz
);
CREATE INDEX audit_seal_to_store ON audit_seal (number) WHERE stored_at IS NULL;

CREATE FUNCTION jp_keep_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR NEW.number <> OLD.number OR NEW.document <> OLD.document THEN
        RAISE EXCEPTION 'audit_seal is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION jp_keep_seal();
CREATE TRIGGER audit_seal_never_empty BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION jp_refuse_change();
