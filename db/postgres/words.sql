-- The index of what is written: tables beside the things, kept in step by triggers, read through functions alone.
-- A store without row-level security has these functions as they stand here; `enforce` puts those in their place that
-- give only what a login may see.

CREATE FUNCTION grams(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(said, n, 3)), '{}') FROM generate_series(1, length(said) - 2) AS n
$$;

CREATE FUNCTION plain_words(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(regexp_replace(lower(normalize(left(said, 100000), NFKD)), '[\u0300-\u036f]+', '', 'g'),
                          '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f\u2000-\u206f\u3000-\u303f]+', ' ', 'g')
$$;

CREATE TABLE account_words (id bigint PRIMARY KEY, said text NOT NULL);
CREATE TABLE person_words (id bigint PRIMARY KEY, said text NOT NULL);
CREATE TABLE cta_words (id bigint PRIMARY KEY, said text NOT NULL);
CREATE TABLE activity_words (id bigint PRIMARY KEY, said tsvector NOT NULL);

CREATE FUNCTION note_account_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN DELETE FROM account_words WHERE id = OLD.id; RETURN NULL; END IF;
    INSERT INTO account_words VALUES (NEW.id, lower(concat_ws(E'\x1e', NEW.name, NEW.domain)))
        ON CONFLICT (id) DO UPDATE SET said = excluded.said;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_person_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN DELETE FROM person_words WHERE id = OLD.id; RETURN NULL; END IF;
    INSERT INTO person_words VALUES (NEW.id, lower(concat_ws(E'\x1e', NEW.name, NEW.email)))
        ON CONFLICT (id) DO UPDATE SET said = excluded.said;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_cta_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN DELETE FROM cta_words WHERE id = OLD.id; RETURN NULL; END IF;
    INSERT INTO cta_words VALUES (NEW.id, lower(concat_ws(E'\x1e', NEW.title, left(NEW.description, 1000))))
        ON CONFLICT (id) DO UPDATE SET said = excluded.said;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_activity_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN DELETE FROM activity_words WHERE id = OLD.id; RETURN NULL; END IF;
    INSERT INTO activity_words
        VALUES (NEW.id, to_tsvector('pg_catalog.simple', plain_words(concat_ws(' ', NEW.subject, NEW.body, NEW.next_step))))
        ON CONFLICT (id) DO UPDATE SET said = excluded.said;
    RETURN NULL;
END
$$;

INSERT INTO account_words SELECT id, lower(concat_ws(E'\x1e', name, domain)) FROM account;
INSERT INTO person_words SELECT id, lower(concat_ws(E'\x1e', name, email)) FROM person;
INSERT INTO cta_words SELECT id, lower(concat_ws(E'\x1e', title, left(description, 1000))) FROM cta;
INSERT INTO activity_words
    SELECT id, to_tsvector('pg_catalog.simple', plain_words(concat_ws(' ', subject, body, next_step))) FROM activity;

CREATE INDEX ix_account_words ON account_words USING gin (grams(said));
CREATE INDEX ix_person_words ON person_words USING gin (grams(said));
CREATE INDEX ix_cta_words ON cta_words USING gin (grams(said));
CREATE INDEX ix_activity_words ON activity_words USING gin (said);

CREATE TRIGGER words AFTER INSERT OR DELETE OR UPDATE OF name, domain ON account
    FOR EACH ROW EXECUTE FUNCTION note_account_words();
CREATE TRIGGER words AFTER INSERT OR DELETE OR UPDATE OF name, email ON person
    FOR EACH ROW EXECUTE FUNCTION note_person_words();
CREATE TRIGGER words AFTER INSERT OR DELETE OR UPDATE OF title, description ON cta
    FOR EACH ROW EXECUTE FUNCTION note_cta_words();
CREATE TRIGGER words AFTER INSERT OR DELETE OR UPDATE OF subject, body, next_step ON activity
    FOR EACH ROW EXECUTE FUNCTION note_activity_words();
