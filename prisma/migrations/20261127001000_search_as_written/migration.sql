-- Text as it is searched for: without accents and case, letters that no accent explains written out, words apart. Nothing
-- of an extension, so that it is the same on every server and can stand in an index.
CREATE FUNCTION directory.folded_words(said text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT array_remove(string_to_array(regexp_replace(
      replace(replace(replace(replace(replace(
        translate(
          regexp_replace(lower(normalize(said, NFKD)), '[\u0300-\u036f''’ʼ‘`´]', '', 'g'),
          'øłđðıħŧŋ', 'olddihtn'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ĳ', 'ij'),
      '[][\s.,;:"“”„«»()/\\@+*&|!<>=?{}_‐-―-]+', ' ', 'g'), ' '), '')
  $$;

CREATE FUNCTION directory.search_vector(said text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT array_to_tsvector(directory.folded_words(said)) $$;

-- Every word of what was typed, in any order, each the beginning of a word. NULL where nothing was typed.
CREATE FUNCTION directory.search_query(typed text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT string_agg(quote_literal(replace(word, '''', '')) || ':*', ' & ')::tsquery
    FROM unnest(directory.folded_words(typed)) AS word
  $$;

CREATE INDEX person_search ON directory.person
  USING gin (directory.search_vector(name || ' ' || given_name || ' ' || family_name || ' ' || login || ' ' || email));
