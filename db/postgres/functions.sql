-- Who asks, and what she may see. The policies call these once per statement, as (SELECT my_pools()).
-- SECURITY DEFINER: they read as the owner of the tables, or a policy would ask itself.
-- session_user is the login that connected; neither SET ROLE nor a function changes it.

CREATE OR REPLACE FUNCTION my_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM csm WHERE login = session_user::text AND active
$$;

CREATE OR REPLACE FUNCTION my_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT role FROM csm WHERE login = session_user::text AND active
$$;

CREATE OR REPLACE FUNCTION sees_all() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(my_role() IN ('manager', 'ops', 'read_only'), FALSE)
$$;

CREATE OR REPLACE FUNCTION leads() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(my_role() IN ('manager', 'ops'), FALSE)
$$;

CREATE OR REPLACE FUNCTION may_write() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(my_role() IN ('csm', 'junior', 'manager', 'ops'), FALSE)
$$;

CREATE OR REPLACE FUNCTION my_pools() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(pool_id), '{}') FROM pool_member WHERE csm_id = my_id()
$$;

CREATE OR REPLACE FUNCTION my_pods() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(pod_id), '{}') FROM pod_member WHERE csm_id = my_id()
$$;

-- Accounts on which something is hers, whichever pool they are in.
CREATE OR REPLACE FUNCTION my_accounts() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT account_id), '{}') FROM (
        SELECT id AS account_id FROM account WHERE owner_id = my_id()
        UNION ALL
        SELECT account_id FROM cta WHERE owner_id = my_id()
        UNION ALL
        SELECT c.account_id FROM task t JOIN cta c ON c.id = t.cta_id WHERE t.owner_id = my_id() AND t.status = 'open'
        UNION ALL
        SELECT c.account_id FROM shadow s JOIN cta c ON c.id = s.cta_id WHERE s.csm_id = my_id()
        UNION ALL
        SELECT c.account_id FROM mention m JOIN comment o ON o.id = m.comment_id JOIN cta c ON c.id = o.cta_id
         WHERE m.csm_id = my_id()
        UNION ALL
        SELECT account_id FROM intervention WHERE csm_id = my_id() AND ended_at IS NULL
        UNION ALL
        SELECT account_id FROM transition
         WHERE my_id() IN (from_csm_id, to_csm_id, manager_id, gatekeeper_id) AND account_id IS NOT NULL AND ended_at IS NULL
        UNION ALL
        SELECT m.account_id FROM transition_account m JOIN transition t ON t.id = m.transition_id
         WHERE my_id() IN (m.csm_id, m.second_id, t.from_csm_id, t.to_csm_id, t.manager_id) AND t.ended_at IS NULL
    ) AS hers
$$;

-- A person of no account is everybody's, or nobody could give her one.
CREATE OR REPLACE FUNCTION belongs_nowhere(person bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM membership WHERE person_id = person)
$$;

-- Whether this membership was so before the statement that changes it.
CREATE OR REPLACE FUNCTION was_member(member bigint, pool bigint, csm bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM pool_member WHERE id = member AND pool_id = pool AND csm_id = csm)
$$;

-- Whether this row pointed there before the statement that changes it: what she was let in at, she keeps when she works on.
CREATE OR REPLACE FUNCTION was_at(thing text, row_id bigint, place bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE thing
        WHEN 'cta' THEN EXISTS (SELECT 1 FROM cta WHERE id = row_id AND account_id = place)
        WHEN 'task' THEN EXISTS (SELECT 1 FROM task WHERE id = row_id AND cta_id = place)
        WHEN 'membership' THEN EXISTS (SELECT 1 FROM membership WHERE id = row_id AND person_id = place)
        WHEN 'transition' THEN EXISTS (SELECT 1 FROM transition WHERE id = row_id AND account_id = place)
        WHEN 'transition_account' THEN EXISTS (SELECT 1 FROM transition_account WHERE id = row_id AND account_id = place)
        ELSE FALSE
    END
$$;

CREATE OR REPLACE FUNCTION is_team_store() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT value = 'team' FROM info WHERE key = 'kind'
$$;

-- The journal: her own acts, and those that changed something she sees.

CREATE OR REPLACE FUNCTION is_my_act(act_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT actor = session_user OR via = session_user FROM act WHERE id = act_id), FALSE)
$$;

-- An act is closed with its transaction: what came later would bear its time.
CREATE OR REPLACE FUNCTION is_my_act_now(act_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT via = session_user AND (at = now() OR NOT is_team_store()) FROM act WHERE id = act_id), FALSE)
$$;

-- The sum keeps the planner on the act's own changes: where a first import made most of the journal, it would expect fifty
-- of any act soon and walk the whole of it by id.
CREATE OR REPLACE FUNCTION touched_by(act_id_ bigint) RETURNS TABLE (thing text, thing_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.thing, c.thing_id FROM change c WHERE c.act_id = act_id_ ORDER BY c.id + 0 LIMIT 50
$$;

-- As the caller, so that the policies of the thing's own table answer. What is gone is seen by no one but its doer.
CREATE OR REPLACE FUNCTION is_seen(thing text, thing_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    found_it boolean;
BEGIN
    CASE thing
        WHEN 'cta' THEN RETURN EXISTS (SELECT 1 FROM cta t WHERE t.id = thing_id);
        WHEN 'account' THEN RETURN EXISTS (SELECT 1 FROM account t WHERE t.id = thing_id);
        WHEN 'activity' THEN RETURN EXISTS (SELECT 1 FROM activity t WHERE t.id = thing_id);
        WHEN 'person' THEN RETURN EXISTS (SELECT 1 FROM person t WHERE t.id = thing_id);
        WHEN 'task' THEN RETURN EXISTS (SELECT 1 FROM task t WHERE t.id = thing_id);
        ELSE
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I t WHERE t.id = $1)', thing) INTO found_it USING thing_id;
            RETURN found_it;
    END CASE;
END
$$;

CREATE OR REPLACE FUNCTION is_act_seen(act_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM touched_by(act_id) t WHERE is_seen(t.thing, t.thing_id))
$$;
