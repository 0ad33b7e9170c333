using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Slipway.Eventing.Tests.Hosting;

/// <summary>One database for a test class, emptied before each of its tests: making one takes longer than most tests.</summary>
internal static class CleanDatabase
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<TestDatabase>>> s_databases = new();

    public static async Task<TestDatabase> OfAsync(TestPostgres postgres, [CallerFilePath] string @class = "")
    {
        var database = await s_databases.GetOrAdd(@class, _ => new Lazy<Task<TestDatabase>>(() => postgres.DatabaseAsync())).Value;
        await using var source = NpgsqlDataSource.Create(database.Address);
        await using var command = source.CreateCommand("drop schema if exists eventing cascade");
        await command.ExecuteNonQueryAsync();
        return database;
    }
}
