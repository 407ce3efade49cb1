-- Who may come in. Of passwords only Argon2 hashes are kept, of session ids and service tokens only SHA-256.

CREATE TABLE account (
    name                 TEXT PRIMARY KEY NOT NULL,
    role                 TEXT NOT NULL,
    password_hash        TEXT NOT NULL,
    must_change_password BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    last_login_at        BIGINT
);

CREATE TABLE session (
    id_hash      TEXT PRIMARY KEY NOT NULL,
    account      TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account, last_seen_at);

CREATE TABLE service_token (
    id           BIGINT PRIMARY KEY NOT NULL,
    secret_hash  TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    last_used_at BIGINT
);
