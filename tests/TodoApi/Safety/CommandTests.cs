using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.TodoApi.Tests.Scenes;
using Todo.Api.Baseline;

namespace Slipway.TodoApi.Tests.Safety;

public sealed class CommandTests(TodoScene scene, TestPostgres postgres) : IClassFixture<TodoScene>
{
    [Fact]
    public async Task The_program_migrates_by_command_and_tells_wrong_settings_at_once()
    {
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(scene.Issuer.Environment).ToDictionary();
        environment["MIGRATE"] = "command";

        Assert.Equal(0, (await ServiceProcess.RunAsync(environment, "migrate")).ExitCode);
        Assert.Equal("0", await database.TextAsync("select count(*) from todos"));
        environment["SEARCH_LANGUAGES"] = "klingon";
        environment["PROFILE"] = "fastest";
        var (code, output) = await ServiceProcess.RunAsync(environment, "purge");
        Assert.Equal(78, code);
        Assert.Contains("SEARCH_LANGUAGES", output, StringComparison.Ordinal);
        Assert.Contains("PROFILE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_indexes_of_lists_can_be_taken_away_for_measuring_and_put_back()
    {
        var database = scene.Service.Services.GetRequiredService<Database>();
        Task<string> IndexesAsync() => scene.Database.TextAsync("select string_agg(indexdef, e'\\n' order by indexname) from pg_indexes where indexname ~ '^(idx_todos|todos_user)'");
        var before = await IndexesAsync();

        Assert.Equal(0, await BaselineIndexes.RunAsync(database, ["drop"], CancellationToken.None));
        Assert.Equal("", await IndexesAsync());
        Assert.Equal(0, await BaselineIndexes.RunAsync(database, ["create"], CancellationToken.None));
        Assert.Equal(before, await IndexesAsync());
        Assert.Equal(64, await BaselineIndexes.RunAsync(database, [], CancellationToken.None));
    }
}
