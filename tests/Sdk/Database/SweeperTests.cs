using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Database;

public sealed class SweeperTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_expired_goes_and_the_rest_stays()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table notes (id int); insert into notes select generate_series(1, 2500)");
        using var sweeper = new Sweeper([new Sweep("notes", "notes", "id <= 2400")], database, TimeProvider.System, NullLogger<Sweeper>.Instance);

        Assert.Equal(2400, await sweeper.SweepAsync(Cancellation));
        Assert.Equal("100", await server.TextAsync("select count(*) from notes"));
    }
}
