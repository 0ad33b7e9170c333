create table signing_keys (
    kid text primary key,
    public_x text not null,
    public_y text not null,
    -- PKCS #8, sealed with the master key; the kid is bound to it.
    private_sealed bytea not null,
    created_at timestamptz not null,
    signs_from timestamptz not null,
    -- From here on the next key signs.
    signs_until timestamptz,
    published_until timestamptz
);
