using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Model.Failures;
using Slipway.Store.Postgres;

namespace Slipway.Store.Tests.Postgres;

public sealed class OutsideServerTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData("http://u:p@h/d", "is no PostgreSQL URL")]
    [InlineData("nonsense", "is no PostgreSQL URL")]
    [InlineData("postgres://h/d", "names no user")]
    [InlineData("postgres://u:p@h", "must name one database")]
    [InlineData("postgres://u:p@h/a/b", "must name one database")]
    [InlineData("postgres://u:p@h/d?sslmode=maybe", "sslmode=maybe")]
    [InlineData("postgres://u:p@h/d?pool=3", "parameter \"pool\"")]
    public void A_malformed_url_says_what_is_wrong_and_never_shows_the_password(string url, string message)
    {
        var outcome = DatabaseServer.Create(Options(url), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.Equal("database-url", outcome.Failure?.Code);
        Assert.Contains(message, outcome.Failure!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("u:p", outcome.Failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_is_read_with_its_escapes()
    {
        var address = DatabaseUrl.Parse("postgresql://a%40b:p%3Aw%2F@[::1]:6000/my%20db?sslmode=verify-full").Value;

        Assert.Equal(("a@b", "p:w/", "::1", 6000, "my db", SslMode.VerifyFull), (address.Username, address.Password, address.Host, address.Port, address.Database, address.SslMode));
        Assert.Equal(5432, DatabaseUrl.Parse("postgres://u@h/d").Value.Port);
    }

    [Fact]
    public async Task A_server_of_somebody_else_serves_a_store()
    {
        var address = new NpgsqlConnectionStringBuilder((await postgres.DatabaseAsync()).ConnectionString);
        await using var server = Outside(address.Username!, address.Password!, address.Port, address.Database!);
        Assert.Null(await server.StartAsync(CancellationToken.None));
        Assert.True(await server.IsHealthyAsync(CancellationToken.None));
        await using var store = (await ResourceStore.OpenAsync(server, new byte[32], TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)).Value;

        await store.Created(Scene.Draft("one"));
        Assert.False(server.IsEmbedded);
        Assert.Contains("Database=other", server.ConnectionStringFor("other", "role", "password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_used_says_which_part_of_the_address_is_wrong()
    {
        var address = new NpgsqlConnectionStringBuilder((await postgres.DatabaseAsync()).ConnectionString);

        Assert.Equal("database-wrong-password", await CodeOf(Outside(address.Username!, "wrong", address.Port, address.Database!)));
        Assert.Equal("database-not-found", await CodeOf(Outside(address.Username!, address.Password!, address.Port, "nowhere")));
        Assert.Equal("database-connection-refused", await CodeOf(Outside("u", "p", PostgresControl.FreePort(), "d")));
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "database-no-such-host")]
    [InlineData(SocketError.TryAgain, "database-no-such-host")]
    [InlineData(SocketError.TimedOut, "database-unreachable")]
    public void A_network_error_is_explained(SocketError error, string code)
    {
        var failure = ConnectionFailures.Explain(new NpgsqlException("outer", new SocketException((int)error)), "the PostgreSQL at h:1", "u", "d");

        Assert.Equal((FailureKind.Unavailable, code), (failure.Kind, failure.Code));
        Assert.Contains("the PostgreSQL at h:1", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_too_old_is_named_with_the_one_that_is_needed()
    {
        var failure = ConnectionFailures.TooOld("the PostgreSQL at h:1", new Version(9, 6));

        Assert.Equal("database-too-old", failure.Code);
        Assert.Contains("9.6; Slipway needs 14", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_decides_where_things_are()
    {
        var plain = DatabaseOptions.FromEnvironment("/state", _ => null);
        var set = DatabaseOptions.FromEnvironment("/state", name => name);

        Assert.Equal(("/state/tools", null), (plain.ToolsFolder, plain.Url));
        Assert.Equal(("SLIPWAY_TOOLS", "SLIPWAY_DATABASE"), (set.ToolsFolder, set.Url));
    }

    private static async Task<string?> CodeOf(DatabaseServer server)
    {
        await using (server)
        {
            return (await server.StartAsync(CancellationToken.None))?.Code;
        }
    }

    private static DatabaseServer Outside(string user, string password, int port, string database) =>
        DatabaseServer.Create(Options($"postgres://{user}:{password}@127.0.0.1:{port}/{database}"), TimeProvider.System, NullLoggerFactory.Instance).Value;

    private static DatabaseOptions Options(string url) => new() { StateFolder = "/nowhere", ToolsFolder = "/nowhere", Url = url };
}
