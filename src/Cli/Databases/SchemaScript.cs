using Npgsql;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Databases;

/// <summary>A table's data as COPY knows it.</summary>
internal sealed record TableData(string Table, string Columns)
{
    public string CopyOut => $"COPY {Table} ({Columns}) TO STDOUT";

    public string CopyIn => $"COPY {Table} ({Columns}) FROM stdin;";
}

/// <summary>
/// The statements that make a database's schema again, read from its catalogue; the server itself writes the definitions and quotes
/// the names. What is not understood is refused by name, so that no backup lacks something quietly.
/// </summary>
internal sealed record SchemaScript(IReadOnlyList<string> Before, IReadOnlyList<TableData> Tables, IReadOnlyList<string> After)
{
    private const string Ours = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

    /// <summary>The transaction's search path must be empty: then every definition names its schema.</summary>
    public static async Task<SchemaScript> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var strange = await ListAsync(connection, Strange, cancellation);
        if (strange.Count > 0)
        {
            throw new CliFailure($"this database holds what a backup does not know: {string.Join(", ", strange.Take(10))}. Use pg_dump of the server's version for it.");
        }

        List<string> before =
        [
            .. await ListAsync(connection, Schemas, cancellation),
            .. await ListAsync(connection, Extensions, cancellation),
            .. await ListAsync(connection, Enums, cancellation),
            .. await ListAsync(connection, Sequences, cancellation),
            .. await ListAsync(connection, Functions, cancellation),
            .. await ListAsync(connection, TableDefinitions, cancellation),
            .. await ListAsync(connection, SequenceOwners, cancellation),
        ];
        List<string> after =
        [
            .. await ListAsync(connection, Constraints, cancellation),
            .. await ListAsync(connection, Indexes, cancellation),
            .. await ListAsync(connection, ForeignKeys, cancellation),
            .. await ListAsync(connection, Statistics, cancellation),
            .. await ListAsync(connection, Triggers, cancellation),
            .. await ListAsync(connection, TriggerStates, cancellation),
            .. await ListAsync(connection, Views, cancellation),
            .. await ListAsync(connection, RowSecurity, cancellation),
            .. await ListAsync(connection, Policies, cancellation),
            .. await ListAsync(connection, Comments, cancellation),
            .. await PositionsAsync(connection, cancellation),
        ];
        var tables = await TablesAsync(connection, cancellation);
        return new SchemaScript(before, [.. tables.Where(table => table.Columns.Length > 0)], after);
    }

    private static string NotOfExtension(string catalogue, string id) =>
        $"not exists (select 1 from pg_catalog.pg_depend e where e.classid = '{catalogue}'::regclass and e.objid = {id} and e.deptype = 'e')";

    private static string Strange =>
        $"""
        select 'the ' || case c.relkind when 'p' then 'partitioned' else 'foreign' end || ' table ' || c.oid::regclass from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace where {Ours} and c.relkind in ('p', 'f')
        union all select 'the inheriting table ' || i.inhrelid::regclass from pg_catalog.pg_inherits i
            join pg_catalog.pg_class c on c.oid = i.inhrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace where {Ours} and c.relkind = 'r'
        union all select format('the policy %s of %s for certain roles', p.polname, p.polrelid::regclass) from pg_catalog.pg_policy p where p.polroles <> array[0]::oid[]
        union all select format('the policy %s of %s, which hides rows from a backup unless it lets pass who has set slipway.backup to on', p.polname, p.polrelid::regclass)
            from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
            where c.relforcerowsecurity and p.polcmd in ('*', 'r') and coalesce(pg_get_expr(p.polqual, p.polrelid), '') not like '%slipway.backup%'
        union all select 'the rule ' || r.rulename from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace where {Ours} and r.rulename <> '_RETURN'
        union all select 'the aggregate ' || p.oid::regproc from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            where {Ours} and p.prokind in ('a', 'w') and {NotOfExtension("pg_catalog.pg_proc", "p.oid")}
        union all select 'the type ' || t.oid::regtype from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
            left join pg_catalog.pg_class c on c.oid = t.typrelid
            where {Ours} and (t.typtype in ('d', 'r', 'm') or c.relkind = 'c') and {NotOfExtension("pg_catalog.pg_type", "t.oid")}
        """;

    private static string Schemas =>
        $"""
        select format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) from pg_catalog.pg_namespace n
        where {Ours} and {NotOfExtension("pg_catalog.pg_namespace", "n.oid")} order by n.nspname
        """;

    private static string Extensions =>
        """
        select format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', x.extname, n.nspname) from pg_catalog.pg_extension x
        join pg_catalog.pg_namespace n on n.oid = x.extnamespace where x.extname <> 'plpgsql' order by x.extname
        """;

    private static string Enums =>
        $"""
        select format('CREATE TYPE %s AS ENUM (%s)', t.oid::regtype, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid))
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where {Ours} and t.typtype = 'e' and {NotOfExtension("pg_catalog.pg_type", "t.oid")} order by t.oid
        """;

    private const string SequenceOptions = "format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' CYCLE' else '' end)";

    /// <summary>Those of identity columns come with their column.</summary>
    private static string Sequences =>
        $"""
        select format('CREATE SEQUENCE %s AS %s %s', c.oid::regclass, format_type(s.seqtypid, null), {SequenceOptions})
        from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and not exists (select 1 from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('i', 'e'))
        order by 1
        """;

    private static string SequenceOwners =>
        $"""
        select format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, d.refobjid::regclass, a.attname)
        from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where {Ours} and d.classid = 'pg_catalog.pg_class'::regclass and d.deptype = 'a' order by 1
        """;

    private static string Functions =>
        $"""
        select pg_get_functiondef(p.oid) from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where {Ours} and p.prokind in ('f', 'p') and {NotOfExtension("pg_catalog.pg_proc", "p.oid")} order by p.oid
        """;

    private static string TableDefinitions =>
        $"""
        select format('CREATE %sTABLE %s (%s)%s',
            case when c.relpersistence = 'u' then 'UNLOGGED ' else '' end,
            c.oid::regclass,
            (select string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                    case when a.attcollation <> t.typcollation and a.attcollation <> 0 then ' COLLATE ' || a.attcollation::regcollation else '' end,
                    case when a.attidentity <> '' then (
                            select format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %s %s)', case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end, s.seqrelid::regclass, {SequenceOptions})
                            from pg_catalog.pg_depend d join pg_catalog.pg_sequence s on s.seqrelid = d.objid
                            where d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype = 'i' and d.classid = 'pg_catalog.pg_class'::regclass)
                        when a.attgenerated = 's' then format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(f.adbin, f.adrelid))
                        when a.attgenerated = 'v' then format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(f.adbin, f.adrelid))
                        when f.adbin is not null then ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid)
                        else '' end,
                    case when a.attnotnull then ' NOT NULL' else '' end), ', ' order by a.attnum)
                from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
                left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
            case when c.reloptions is null then '' else format(' WITH (%s)', array_to_string(c.reloptions, ', ')) end)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and c.relkind = 'r' and {NotOfExtension("pg_catalog.pg_class", "c.oid")} order by c.oid
        """;

    private static string Constraints => ConstraintsOf("'p', 'u', 'x', 'c'", "array_position(array['p', 'u', 'x', 'c'], k.contype::text), k.oid");

    private static string ForeignKeys => ConstraintsOf("'f'", "k.oid");

    private static string ConstraintsOf(string kinds, string order) =>
        $"""
        select format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
        from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and c.relkind = 'r' and k.contype in ({kinds}) and {NotOfExtension("pg_catalog.pg_class", "c.oid")} order by {order}
        """;

    private static string Indexes =>
        $"""
        select pg_get_indexdef(i.indexrelid) from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and c.relkind = 'r' and i.indisvalid and {NotOfExtension("pg_catalog.pg_class", "c.oid")}
          and not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) order by i.indexrelid
        """;

    private static string Statistics =>
        $"""
        select pg_get_statisticsobjdef(s.oid) from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
        where {Ours} and {NotOfExtension("pg_catalog.pg_statistic_ext", "s.oid")} order by s.oid
        """;

    /// <summary>After the data, which would have to pass them else.</summary>
    private static string RowSecurity =>
        $"""
        select format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY%s', c.oid::regclass, case when c.relforcerowsecurity then ', FORCE ROW LEVEL SECURITY' else '' end)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where {Ours} and c.relkind = 'r' and c.relrowsecurity order by c.oid
        """;

    private static string Policies =>
        $"""
        select format('CREATE POLICY %I ON %s AS %s FOR %s TO PUBLIC%s%s', p.polname, c.oid::regclass,
            case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
            case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
            ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
        from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} order by p.oid
        """;

    private static string Triggers =>
        $"""
        select pg_get_triggerdef(t.oid) from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and not t.tgisinternal order by t.oid
        """;

    private static string TriggerStates =>
        $"""
        select format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass, case t.tgenabled when 'D' then 'DISABLE' when 'A' then 'ENABLE ALWAYS' else 'ENABLE REPLICA' end, t.tgname)
        from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and not t.tgisinternal and t.tgenabled <> 'O' order by t.oid
        """;

    private static string Views =>
        $"""
        select format('CREATE %sVIEW %s AS %s', case when c.relkind = 'm' then 'MATERIALIZED ' else '' end, c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';'))
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and c.relkind in ('v', 'm') and {NotOfExtension("pg_catalog.pg_class", "c.oid")} order by c.oid
        """;

    private static string Comments =>
        $"""
        select format('COMMENT ON %s IS %L', case when d.objsubid = 0 then 'TABLE ' || c.oid::regclass else format('COLUMN %s.%I', c.oid::regclass, a.attname) end, d.description)
        from pg_catalog.pg_description d join pg_catalog.pg_class c on c.oid = d.objoid and d.classoid = 'pg_catalog.pg_class'::regclass and c.relkind = 'r'
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
        where {Ours} order by c.oid, d.objsubid
        """;

    private static Task<List<TableData>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellation) => ReadAsync(
        connection,
        $"""
        select c.oid::regclass::text, (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_catalog.pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where {Ours} and c.relkind = 'r' and {NotOfExtension("pg_catalog.pg_class", "c.oid")} order by c.oid
        """,
        row => new TableData(row.GetString(0), row.IsDBNull(1) ? "" : row.GetString(1)),
        cancellation);

    /// <summary>Where every sequence goes on.</summary>
    private static async Task<List<string>> PositionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var sequences = await ListAsync(
            connection,
            $"select c.oid::regclass::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where {Ours} and c.relkind = 'S' order by 1",
            cancellation);
        var positions = new List<string>();
        foreach (var sequence in sequences)
        {
            positions.AddRange(await ListAsync(
                connection,
                $"select format('SELECT pg_catalog.setval(%L, %s, %s)', '{sequence.Replace("'", "''", StringComparison.Ordinal)}', last_value, case when is_called then 'true' else 'false' end) from {sequence}",
                cancellation));
        }

        return positions;
    }

    private static Task<List<string>> ListAsync(NpgsqlConnection connection, string query, CancellationToken cancellation) =>
        ReadAsync(connection, query, row => row.GetString(0), cancellation);

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Made of constants, and of names that the server quoted.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(read(reader));
        }

        return items;
    }
}
