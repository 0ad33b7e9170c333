using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Auditing;

public sealed class AuditTrailTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];

    private static readonly TimeSpan s_sevenYears = TimeSpan.FromDays(2557);

    private TestDatabase _server = null!;
    private Sdk.Database.Database _database = null!;
    private AuditChain _chain = null!;
    private AuditTrail _trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.DatabaseAsync();
        _database = DatabaseScene.Open(_server);
        await DatabaseScene.Migrations(_database).RunAsync(Cancellation);
        _chain = new AuditChain(_database, s_key, TimeProvider.System, NullLogger<AuditChain>.Instance);
        _trail = TrailAt(TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_was_written_is_listed_newest_first_page_by_page()
    {
        for (var i = 1; i <= 5; i++)
        {
            await AppendAsync(Entry($"todo-{i}") with { Changes = [new("/title", "old", "new")], Reason = "because" });
        }

        var first = await _trail.ListAsync(new AuditQuery { TargetType = "todo", Limit = 3 }, Cancellation);
        var rest = await _trail.ListAsync(new AuditQuery { TargetType = "todo", Limit = 3, Before = (first[^1].At, first[^1].Id) }, Cancellation);

        Assert.Equal(["todo-5", "todo-4", "todo-3", "todo-2", "todo-1"], first.Concat(rest).Select(record => record.Entry.TargetId));
        Assert.Equal("new", (string?)first[0].Entry.Changes[0].After);
        Assert.Equal("because", first[0].Entry.Reason);
        Assert.Empty(await _trail.ListAsync(new AuditQuery { ActorId = "somebody else" }, Cancellation));
    }

    [Fact]
    public async Task A_change_that_is_undone_leaves_no_entry()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.WriteAsync(
            async (tx, c) =>
            {
                await _trail.AppendAsync(tx, Entry("undone"), c);
                throw new InvalidOperationException();
            },
            Cancellation));

        Assert.Empty(await _trail.ListAsync(new AuditQuery(), Cancellation));
        Assert.Equal(0, (await _trail.VerifyAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task Many_writers_at_once_end_in_one_unbroken_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AppendAsync(Entry($"todo-{i}"))));

        var counts = await Task.WhenAll(_chain.LinkAsync(Cancellation), _chain.LinkAsync(Cancellation));

        Assert.Equal(40, counts.Sum());
        Assert.Equal(40, (await _trail.VerifyAsync(Cancellation)).Value);
    }

    [Theory]
    [InlineData("update slipway.audit_entries set actor_id = 'somebody else' where target_id = 'todo-2'", "link 2")]
    [InlineData("delete from slipway.audit_chain where seq = 2; delete from slipway.audit_entries where target_id = 'todo-2'", "link 2")]
    [InlineData("update slipway.audit_chain set hash = hash || 'x' where seq = 3", "link 3")]
    [InlineData("insert into slipway.audit_entries (id, at, actor_type, actor_id, action, target_type, target_id, changes) values (gen_random_uuid(), now(), 'user', 'x', 'y', 'z', 'z', '[]')", "not part of the chain")]
    public async Task Rewriting_history_is_noticed(string rewriting, string words)
    {
        for (var i = 1; i <= 3; i++)
        {
            await AppendAsync(Entry($"todo-{i}"));
        }

        Assert.Equal(3, (await _trail.VerifyAsync(Cancellation)).Value);
        await _server.ExecuteAsync($"alter table slipway.audit_entries disable trigger user; alter table slipway.audit_chain disable trigger user; {rewriting}");

        Assert.Contains(words, (await _trail.VerifyAsync(Cancellation)).Problem!.Detail);
    }

    [Theory]
    [InlineData("update slipway.audit_entries set actor_id = 'x'")]
    [InlineData("delete from slipway.audit_entries")]
    [InlineData("truncate slipway.audit_chain")]
    public async Task The_trail_cannot_be_touched_by_accident(string sql)
    {
        await AppendAsync(Entry("todo-1"));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _server.ExecuteAsync(sql));

        Assert.Contains("append-only", refused.MessageText);
    }

    [Fact]
    public async Task Secrets_and_card_numbers_never_reach_the_trail()
    {
        await AppendAsync(Entry("user-1") with
        {
            Changes =
            [
                new("/passwordHash", "old-hash", "new-hash"),
                new("/card", null, new JsonObject { ["number"] = "4111 1111 1111 1111", ["cvc"] = "123", ["holder"] = "Ada" }),
                new("/note", "pay with 4111-1111-1111-1111 please", "order 1234567890123"),
            ],
        });

        var text = await _server.TextAsync("select changes from slipway.audit_entries");

        Assert.DoesNotContain("hash\"", text);
        Assert.DoesNotContain("4111", text);
        Assert.DoesNotContain("\"123\"", text);
        Assert.Contains("Ada", text);
        Assert.Contains("order 1234567890123", text);
    }

    [Fact]
    public async Task Entries_are_linked_soon_after_they_were_written_without_anybody_asking()
    {
        await _chain.StartAsync(Cancellation);
        await AppendAsync(Entry("todo-1"));

        await Eventually.TrueAsync(async () => (await _trail.ListAsync(new AuditQuery(), Cancellation))[0].Seq == 1, "the entry is linked");
        await _chain.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_was_kept_long_enough_goes_and_the_rest_still_holds()
    {
        await WriteOldAsync(3);
        await AppendAsync(Entry("todo-new"));
        await _trail.VerifyAsync(Cancellation);

        Assert.Equal(3, (await _trail.ExpireAsync(s_sevenYears, Cancellation)).Value);

        Assert.Equal(4, (await _trail.VerifyAsync(Cancellation)).Value);
        Assert.Equal("todo-new", Assert.Single(await _trail.ListAsync(new AuditQuery(), Cancellation)).Entry.TargetId);
        Assert.Equal(0, (await _trail.ExpireAsync(s_sevenYears, Cancellation)).Value);
        await AppendAsync(Entry("todo-newer"));
        Assert.Equal(5, (await _trail.VerifyAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task The_last_link_stays_however_old_it_is_so_that_the_chain_goes_on()
    {
        await WriteOldAsync(2);
        await _trail.VerifyAsync(Cancellation);

        Assert.Equal(1, (await _trail.ExpireAsync(s_sevenYears, Cancellation)).Value);

        await AppendAsync(Entry("todo-new"));
        Assert.Equal(3, (await _trail.VerifyAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task More_than_one_helping_goes_at_once()
    {
        await WriteOldAsync(1_200);
        await _trail.VerifyAsync(Cancellation);

        Assert.Equal(1_199, (await _trail.ExpireAsync(s_sevenYears, Cancellation)).Value);
        Assert.Equal(1_200, (await _trail.VerifyAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task What_was_tampered_with_is_not_swept_away()
    {
        await WriteOldAsync(3);
        await _trail.VerifyAsync(Cancellation);
        await _server.ExecuteAsync("alter table slipway.audit_entries disable trigger user; update slipway.audit_entries set actor_id = 'x' where target_id = 'todo-2'");

        Assert.Contains("link 2", (await _trail.ExpireAsync(s_sevenYears, Cancellation)).Problem!.Detail);
        Assert.Equal("3", await _server.TextAsync("select count(*) from slipway.audit_entries"));
    }

    [Fact]
    public async Task A_beginning_that_was_moved_without_the_key_is_noticed()
    {
        for (var i = 1; i <= 3; i++)
        {
            await AppendAsync(Entry($"todo-{i}"));
        }

        await _trail.VerifyAsync(Cancellation);
        await _server.ExecuteAsync(
            """
            insert into slipway.audit_anchors select seq, hash, sha256(hash), 2, now() from slipway.audit_chain where seq = 2;
            begin; set local slipway.audit_expiry = 'on'; delete from slipway.audit_chain where seq <= 2; delete from slipway.audit_entries where target_id <> 'todo-3'; commit;
            """);

        Assert.Contains("beginning", (await _trail.VerifyAsync(Cancellation)).Problem!.Detail);
    }

    private AuditTrail TrailAt(TimeProvider time) => new(_database, _chain, new AuditExpiry(_database, s_key, time), time);

    private Task WriteOldAsync(int count)
    {
        var time = new StandingTime(DateTimeOffset.UnixEpoch);
        var past = TrailAt(time);
        return _database.WriteAsync(
            async (tx, c) =>
            {
                for (var i = 1; i <= count; i++)
                {
                    time.Now += TimeSpan.FromSeconds(1);
                    await past.AppendAsync(tx, Entry($"todo-{i}"), c);
                }
            },
            Cancellation);
    }

    private Task AppendAsync(AuditEntry entry) => _database.WriteAsync((tx, c) => _trail.AppendAsync(tx, entry, c), Cancellation);

    private static AuditEntry Entry(string target) => new() { ActorType = "user", ActorId = "ada", Action = "todo.updated", TargetType = "todo", TargetId = target };
}
