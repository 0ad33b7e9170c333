using System.IO.Compression;
using System.Text;
using Npgsql;
using Slipway.Cli.Databases;
using Slipway.Cli.Terminal;
using Slipway.Sdk.Hosting;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace Slipway.Cli.Tests.Databases;

/// <summary>A backup is worth what its restore is.</summary>
public sealed class RestoreDrillTests(TestPostgres postgres) : IDisposable
{
    private const string Everything =
        """
        create extension pg_trgm;
        create schema "odd ""name";
        create type mood as enum ('glad', 'it''s', 'sad');
        create sequence tickets start 7 increment 3;
        create function shout(text) returns text language sql immutable as $$ select upper($1) || '!' $$;
        create table people (
            id bigint generated always as identity (start with 100) primary key,
            name text not null default 'nobody' check (length(name) > 0),
            loud text generated always as (public.shout(name)) stored,
            feeling mood not null default 'glad', ticket bigint not null default nextval('tickets'), serial bigserial,
            born timestamptz, score numeric(12, 4), ratio double precision, raw bytea, tags text[], facts jsonb, "Odd ""column" int unique);
        create index people_trgm on people using gin (name gin_trgm_ops);
        create unique index people_glad on people (lower(name)) where feeling = 'glad';
        create table "odd ""name".pets (person bigint references people (id) on delete cascade, name text collate "C", primary key (person, name)) with (fillfactor = 80);
        create table empty_one (nothing int);
        create function keep() returns trigger language plpgsql as $$ begin
            -- A comment with a semicolon; and a line.
            raise exception 'kept' using errcode = 'restrict_violation';
        end $$;
        create trigger people_kept before delete on people for each row execute function keep();
        create constraint trigger people_later after insert on people deferrable initially deferred for each row when (new.name = 'forbidden') execute function keep();
        create view glad_people as select id, name from people where feeling = 'glad';
        comment on column people.name is 'What they''re called';
        insert into people (name, feeling, born, score, ratio, raw, tags, facts, "Odd ""column") values
            (E'tab\tline\nbreak\\back\r', 'glad', '2026-01-15T09:30:00.123456Z', 1.5, 0.1, '\xdeadbeef', array['a', null, 'b,c'], '{"a": [1, null, "ü"]}', 1),
            ('\.', 'it''s', 'infinity', 'NaN', '-infinity', '', '{}', 'null', null),
            ('日本語 🛒', 'sad', null, null, null, null, null, null, 2);
        insert into "odd ""name".pets select id, 'pet of ' || id from people;
        select nextval('tickets');
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-drill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_comes_out_of_a_restore_is_what_went_into_the_backup()
    {
        var (original, fresh) = (await postgres.DatabaseAsync(), await postgres.DatabaseAsync());
        await original.ExecuteAsync(Everything);

        var summary = await BackupAsync(original, "first.sql.gz");
        var restored = await RestoreAsync(fresh, "first.sql.gz");
        await BackupAsync(fresh, "second.sql.gz");

        Assert.Equal(new BackupSummary(3, 6), summary);
        Assert.Equal(summary, restored);
        Assert.Equal(await TextAsync("first.sql.gz"), await TextAsync("second.sql.gz"));

        // Rules hold and sequences go on.
        Assert.Contains("kept", (await Assert.ThrowsAsync<PostgresException>(() => fresh.ExecuteAsync("delete from people"))).MessageText, StringComparison.Ordinal);
        await fresh.ExecuteAsync("insert into people (name) values ('new')");
        Assert.Equal("103 NEW! 19", await fresh.TextAsync("select id || ' ' || loud || ' ' || ticket from people where name = 'new'"));
    }

    [Fact]
    public async Task A_restore_replaces_what_was_there_and_undoes_what_came_after_the_backup()
    {
        var database = await postgres.DatabaseAsync();
        await database.ExecuteAsync(Everything);
        await BackupAsync(database, "before.sql.gz");
        var before = await TextAsync("before.sql.gz");
        await database.ExecuteAsync("drop trigger people_kept on people; delete from people; create table mistake (id int); drop view glad_people");

        await RestoreAsync(database, "before.sql.gz");

        await BackupAsync(database, "after.sql.gz");
        Assert.Equal(before, await TextAsync("after.sql.gz"));
    }

    [Fact]
    public async Task A_file_that_is_cut_short_or_changed_restores_nothing()
    {
        var database = await postgres.DatabaseAsync();
        await database.ExecuteAsync(Everything);
        await BackupAsync(database, "whole.sql.gz");
        var text = await TextAsync("whole.sql.gz");
        await WriteAsync("cut.sql.gz", text[..(text.Length / 2)]);
        await WriteAsync("fewer.sql.gz", text.Replace("3 tables, 6 rows", "3 tables, 7 rows", StringComparison.Ordinal));
        await WriteAsync("other.sql.gz", "hello\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "plain.sql.gz"), "no gzip");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "torn.sql.gz"), (await File.ReadAllBytesAsync(Path.Combine(_folder, "whole.sql.gz")))[..^20]);

        foreach (var file in new[] { "cut.sql.gz", "fewer.sql.gz", "other.sql.gz", "plain.sql.gz", "torn.sql.gz" })
        {
            var failure = await Assert.ThrowsAsync<CliFailure>(() => RestoreAsync(database, file));
            Assert.Contains("nothing was changed", failure.Message, StringComparison.Ordinal);
        }

        await BackupAsync(database, "again.sql.gz");
        Assert.Equal(text, await TextAsync("again.sql.gz"));
    }

    [Fact]
    public async Task A_backup_is_of_one_moment_and_for_its_owners_eyes_only()
    {
        var database = await postgres.DatabaseAsync();
        await database.ExecuteAsync("create table counted (n bigint generated always as identity primary key); create table mirror (n bigint primary key)");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await database.ExecuteAsync("with one as (insert into counted default values returning n) insert into mirror select n from one");
            }
        });
        for (var i = 0; i < 3; i++)
        {
            var summary = await BackupAsync(database, "busy.sql.gz");
            Assert.Equal(0, summary.Rows % 2);
        }

        await stop.CancelAsync();
        await writing;
        var fresh = await postgres.DatabaseAsync();
        await RestoreAsync(fresh, "busy.sql.gz");
        Assert.Equal("0", await fresh.TextAsync("select count(*) from counted c full join mirror m using (n) where c.n is null or m.n is null"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "busy.sql.gz")));
        }

        Assert.Empty(Directory.GetFiles(_folder, "*.unfinished"));
    }

    [Fact]
    public async Task Every_services_schema_survives_a_restore()
    {
        var (original, fresh) = (await postgres.DatabaseAsync(), await postgres.DatabaseAsync());
        var folders = Services();
        Assert.True(folders.Count >= 5, string.Join(", ", folders));
        foreach (var folder in folders)
        {
            await original.ExecuteAsync("drop extension if exists pg_trgm cascade; drop schema if exists slipway cascade; drop schema public cascade; create schema public; create schema slipway");
            foreach (var script in Scripts("src/Sdk/Database/Schema").Concat(Scripts(folder)))
            {
                await original.ExecuteAsync((await File.ReadAllTextAsync(script)).Replace("concurrently", "", StringComparison.OrdinalIgnoreCase));
            }

            await BackupAsync(original, "schema.sql.gz");
            await RestoreAsync(fresh, "schema.sql.gz");
            await BackupAsync(fresh, "restored.sql.gz");

            var (before, after) = (await TextAsync("schema.sql.gz"), await TextAsync("restored.sql.gz"));
            Assert.True(before == after, $"{folder} does not come back as it was.");
        }
    }

    [Fact]
    public async Task Rows_that_a_policy_keeps_apart_are_in_the_backup_and_kept_apart_after_a_restore()
    {
        var (original, fresh) = (await postgres.DatabaseAsync(), await postgres.DatabaseAsync());
        await original.ExecuteAsync(
            "create table notes (tenant text, note text); insert into notes values ('a', 'one'), ('b', 'two'); alter table notes enable row level security, force row level security; "
            + "create policy tenant on notes using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on')");

        Assert.Equal(2, (await BackupAsync(original, "notes.sql.gz")).Rows);
        await RestoreAsync(fresh, "notes.sql.gz");

        Assert.Equal("0", await fresh.TextAsync("select count(*)::text from notes"));
        Assert.Equal("two", await fresh.TextAsync("set app.tenant = 'b'; select note from notes"));
    }

    [Fact]
    public async Task A_policy_that_would_hide_rows_from_a_backup_is_refused_by_name()
    {
        var database = await postgres.DatabaseAsync();
        await database.ExecuteAsync("create table notes (tenant text); alter table notes enable row level security, force row level security; create policy apart on notes using (tenant = 'a')");

        var failure = await Assert.ThrowsAsync<CliFailure>(() => BackupAsync(database, "none.sql.gz"));

        Assert.Contains("the policy apart of", failure.Message, StringComparison.Ordinal);
        Assert.Contains("slipway.backup", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_backup_does_not_know_is_refused_by_name()
    {
        var database = await postgres.DatabaseAsync();
        await database.ExecuteAsync("create table sliced (n int) partition by range (n)");

        var failure = await Assert.ThrowsAsync<CliFailure>(() => BackupAsync(database, "none.sql.gz"));

        Assert.Contains("partitioned table", failure.Message, StringComparison.Ordinal);
        Assert.Contains("sliced", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static List<string> Services() =>
    [
        .. Directory.GetDirectories(Path.Combine(Root(), "apps"), "Migrations", SearchOption.AllDirectories)
            .Append(Path.Combine(Root(), "src/Identity/Migrations"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.sql").Any() && !folder.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(folder => Path.GetRelativePath(Root(), folder)).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Scripts(string folder) => Directory.GetFiles(Path.Combine(Root(), folder), "*.sql").Order(StringComparer.Ordinal);

    private async Task<BackupSummary> BackupAsync(TestDatabase database, string file)
    {
        await using var connection = await database.OpenAsync();
        return await DatabaseCommand.WriteAsync(connection, Path.Combine(_folder, file), TestContext.Current.CancellationToken);
    }

    private async Task<BackupSummary> RestoreAsync(TestDatabase database, string file)
    {
        await using var connection = await database.OpenAsync();
        return await DatabaseCommand.ReadAsync(connection, Path.Combine(_folder, file), TestContext.Current.CancellationToken);
    }

    private async Task<string> TextAsync(string file)
    {
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(_folder, file)), CompressionMode.Decompress);
        using var text = new StreamReader(packed, Encoding.UTF8);
        return await text.ReadToEndAsync();
    }

    private async Task WriteAsync(string file, string text)
    {
        await using var packed = new GZipStream(File.Create(Path.Combine(_folder, file)), CompressionMode.Compress);
        await packed.WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Slipway.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
