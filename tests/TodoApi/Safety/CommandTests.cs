using Slipway.Sdk.Hosting;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Safety;

public sealed class CommandTests(TestPostgres postgres, Identity identity)
{
    [Fact]
    public async Task The_programs_commands_migrate_purge_and_take_indexes_away_and_back()
    {
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["MIGRATE"] = "command";
        Task<string> IndexesAsync() => database.TextAsync("select count(*) from pg_indexes where indexname in ('idx_todos_user_id', 'idx_todos_created_at', 'todos_user_created')");

        Assert.Equal((0, "0"), ((await ServiceProcess.RunAsync(environment, "migrate")).ExitCode, await database.TextAsync("select count(*) from todos")));
        Assert.Equal("3", await IndexesAsync());
        Assert.Equal(0, (await ServiceProcess.RunAsync(environment, "baseline-indexes", "drop")).ExitCode);
        Assert.Equal("0", await IndexesAsync());
        Assert.Equal(0, (await ServiceProcess.RunAsync(environment, "baseline-indexes", "create")).ExitCode);
        Assert.Equal("3", await IndexesAsync());
        Assert.Equal(0, (await ServiceProcess.RunAsync(environment, "purge")).ExitCode);
        environment["SEARCH_LANGUAGES"] = "klingon";
        var (code, output) = await ServiceProcess.RunAsync(environment, "purge");
        Assert.Equal(78, code);
        Assert.Contains("SEARCH_LANGUAGES", output, StringComparison.Ordinal);
    }
}
