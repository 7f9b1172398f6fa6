-- A refresh looks at the whole family of its token.
CREATE INDEX state_refresh_family ON protocol.state (uid) WHERE model = 'RefreshToken';
