-- Two roles for all stores of a server. Neither can log in: people are members.
DO $$
BEGIN
    CREATE ROLE cockpit_owner NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
    CREATE ROLE cockpit_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

-- Whoever runs this and is no superuser looks after the store from now on.
DO $$
BEGIN
    IF NOT pg_has_role(session_user, 'cockpit_owner', 'MEMBER') THEN
        EXECUTE format('GRANT cockpit_owner TO %I', session_user);
    END IF;
END
$$;

-- Nobody makes objects beside Cockpit's that its functions could mistake for them.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cockpit_app;
GRANT USAGE, CREATE ON SCHEMA public TO cockpit_owner;

-- This database is for those who work here.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO cockpit_app, cockpit_owner', current_database());
END
$$;
